using FollowUp.Data;
using FollowUp.Data.Keys;
using NodaTime;
using NodaTime.Text;
using Spectre.Console;

namespace FollowUp.Cli.Keys;

/// <summary>Shows keys on the console, a row a key.</summary>
internal static class KeyScreen
{
    /// <summary>Into a file or a pipe goes a table of this width, whatever the terminal.</summary>
    private const int WidthOfFiles = 200;

    private static readonly InstantPattern s_minute = InstantPattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm'Z'");

    public static void Show(IReadOnlyList<ApiKey> keys, IAnsiConsole console)
    {
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfFiles;
        }

        if (keys.Count == 0)
        {
            console.WriteLine("There are no keys besides the root key. Make one with: followup keys add --name NAME");
            return;
        }

        Table table = new Table().RoundedBorder();
        table.AddColumns("key", "name", "clinic", "may", "state", "made", "ends", "last used");
        foreach (ApiKey key in keys)
        {
            table.AddRow(
                new Text(key.Id),
                new Text(key.Name),
                new Text(key.Clinic ?? "all"),
                new Text(May(key)),
                new Text(EnumText.Of(key.State), key.State == ApiKeyState.Active ? Style.Plain : new Style(Color.Grey)),
                new Text($"{s_minute.Format(key.CreatedAt)} by {key.CreatedBy}"),
                new Text(Minute(key.EndedAt ?? key.EndsAt) ?? "never"),
                new Text(Minute(key.LastUsedAt) ?? "never"));
        }

        console.Write(table);
    }

    /// <summary>What a key is for, in a sentence.</summary>
    public static string Describe(ApiKey key) =>
        $"{key.Id}: {May(key)}, {(key.Clinic is null ? "all clinics" : $"the clinic {key.Clinic}")}, {(key.EndsAt is { } end ? $"until {s_minute.Format(end)}" : "without an end")}";

    private static string May(ApiKey key) => key.ReadOnly ? "read" : "read and change";

    private static string? Minute(Instant? instant) => instant is { } known ? s_minute.Format(known) : null;
}
