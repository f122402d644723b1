using FollowUp.Dashboard.Pages.Sessions;
using FollowUp.Dashboard.Serving;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Data.Sessions.Lists;

namespace FollowUp.Dashboard.Pages.Bulk;

/// <summary>A command on many sessions as a form has it: on which, and what.</summary>
/// <param name="Search">Which sessions.</param>
/// <param name="FindToken">What was typed to find them, sealed; null when nothing was.</param>
/// <param name="Form">What to do.</param>
/// <param name="Command">The same, understood; null when something is wrong.</param>
/// <param name="Mistake">What is wrong; null when nothing is.</param>
public sealed record BulkRequest(SessionSearch Search, string? FindToken, CommandForm Form, SessionCommand? Command, string? Mistake)
{
    /// <summary>
    /// Reads it strictly: a filter that is not understood must not become one that selects everything.
    /// </summary>
    internal static BulkRequest Read(Func<string, string?> value, UrlTokens tokens, string user)
    {
        var token = value("find");
        var search = SessionSearch.Read(value) with { Text = tokens.ReadSearch(token, user) };
        var form = CommandForm.Read(value);
        var (command, mistake) = form.Parse();
        mistake = token is not null && search.Text is null ? "The search has expired. Search once more."
            : search.Unread.Count > 0 ? $"The filter is not understood: {string.Join(", ", search.Unread)}. Choose the sessions once more."
            : mistake;
        return new BulkRequest(search, token, form, mistake is null ? command : null, mistake);
    }

    internal SessionFilter ToFilter(Words.ClinicTime time) => Search.ToFilter(time);

    /// <summary>All that a form must hold to say the same again.</summary>
    internal IReadOnlyList<(string Name, string Value)> Fields
    {
        get
        {
            (string Name, string Value)[] form =
                [(CommandForm.NameField, Form.Name), (CommandForm.StepField, Form.Step), (CommandForm.VersionField, Form.Version)];
            return [.. Search.Fields(FindToken), .. form.Where(pair => pair.Value.Length > 0)];
        }
    }
}
