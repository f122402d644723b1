using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FollowUp.Infra.Tests;

/// <summary>Alerts and workbook look for lines of the log by their templates: each must be one that the app writes, letter by letter.</summary>
public sealed partial class QueryTests
{
    public static TheoryData<string> Queries { get; } = [.. Repository.Files("infra/queries", "*.kql").Select(Path.GetFileName).Select(name => name!)];

    [Theory]
    [MemberData(nameof(Queries))]
    public void What_an_alert_looks_for_is_written_by_the_app(string query) => AssertWritten(Repository.Read("infra", "queries", query));

    [Fact]
    public void What_the_workbook_counts_is_written_by_the_app()
    {
        var queries = JsonNode.Parse(Repository.Read("infra", "workbook.json"))!["items"]!.AsArray()
            .Select(item => item.Text("content.query")).OfType<string>().ToList();

        Assert.NotEmpty(queries);
        Assert.All(queries, AssertWritten);
    }

    [Fact]
    public void The_webhooks_that_are_watched_are_functions_of_the_app()
    {
        var query = Repository.Read("infra", "queries", "webhooks-unhandled.kql");

        Assert.All(
            FunctionName().Matches(query).Select(match => match.Value),
            name => Assert.Contains($"[Function(nameof({name}))]", Repository.AppSource, StringComparison.Ordinal));
        Assert.Contains("api/twilio/inbound", Repository.AppSource, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_query_is_an_alert()
    {
        var alerts = Repository.Read("infra", "app", "alerts.bicep");

        Assert.All(Repository.Files("infra/queries", "*.kql"), query => Assert.Contains(Path.GetFileName(query), alerts, StringComparison.Ordinal));
    }

    [Fact]
    public void The_operators_page_says_what_to_do_on_each_alert()
    {
        var names = AlertName().Matches(Repository.Read("infra", "app", "alerts.bicep")).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(6, names.Count);
        Assert.All(names, name => Assert.Contains($"`{name}`", Repository.Read("docs", "operations.md"), StringComparison.Ordinal));
    }

    /// <summary>A template of the log is whatever is quoted and has a placeholder.</summary>
    private static void AssertWritten(string query) => Assert.All(
        Quoted().Matches(query).Select(match => match.Groups[1].Value).Where(text => Placeholder().IsMatch(text)),
        template => Assert.Contains($"\"{template}\"", Repository.AppSource, StringComparison.Ordinal));

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\{[A-Z]\w*\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\bTwilio(Inbound|Status)\b")]
    private static partial Regex FunctionName();

    [GeneratedRegex(@"^    name: '([a-z-]+)'$", RegexOptions.Multiline)]
    private static partial Regex AlertName();
}
