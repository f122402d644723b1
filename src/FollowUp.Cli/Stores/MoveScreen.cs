using System.Globalization;
using FollowUp.Data.Moves;
using Spectre.Console;

namespace FollowUp.Cli.Stores;

/// <summary>Shows how far a copy is, and at the end what is in it.</summary>
internal sealed class MoveScreen(IAnsiConsole console)
{
    /// <summary>What most people want to know of a copy; the rest is counted together.</summary>
    private static readonly (string Table, string Name)[] s_shown =
    [
        ("clinics", "clinics"), ("patients", "patients"), ("sessions", "sessions"), ("steps", "texts of sessions"), ("direct_messages", "other texts"),
        ("inbound_messages", "texts received"), ("consents", "consents"), ("number_marks", "marks of numbers, such as STOP"), ("alerts", "alerts"),
        ("api_keys", "API keys"), ("dashboard_users", "dashboard users"), ("audit", "entries of the audit"),
    ];

    public IAnsiConsole Console => console;

    /// <summary>Runs the work with one line that says where it is; into a pipe nothing is shown.</summary>
    public async Task<T> RunAsync<T>(string what, Func<IProgress<MoveProgress>, Task<T>> run) => console.Profile.Capabilities.Interactive
        ? await console.Status().StartAsync(what, context => run(new Reporter(progress => context.Status(
            Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{what} {progress.Table}: {progress.Done:N0} of {progress.Total:N0}"))))))
        : await run(new Reporter(_ => { }));

    public void Show(ExportManifest manifest)
    {
        Table table = new Table().RoundedBorder();
        table.AddColumns(new TableColumn("what"), new TableColumn("rows").RightAligned());
        foreach ((string name, string text) in s_shown)
        {
            Add(text, manifest.Tables.Where(table => table.Name == name).Sum(table => table.Rows));
        }

        Add("everything else", manifest.Tables.Where(table => s_shown.All(shown => shown.Table != table.Name)).Sum(table => table.Rows));
        console.Write(table);

        void Add(string text, long rows) => table.AddRow(new Text(text), new Text(rows.ToString("N0", CultureInfo.InvariantCulture)));
    }

    // Told at once and in order, unlike Progress of the framework.
    private sealed class Reporter(Action<MoveProgress> report) : IProgress<MoveProgress>
    {
        public void Report(MoveProgress value) => report(value);
    }
}
