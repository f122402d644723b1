using System.Data.Common;
using System.Text.RegularExpressions;
using FollowUp.Data.Alerts;
using FollowUp.Data.Health;
using FollowUp.Data.Inbox;
using FollowUp.Data.Webhooks;
using FollowUp.Testing;
using Microsoft.EntityFrameworkCore.Diagnostics;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>What runs for every text that comes in, for every alert and every look at health reads through an index, however long the history is.</summary>
public sealed partial class QueryPlanTests
{
    private const string Nurse = "+14155550188";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Nothing_that_grows_is_read_from_end_to_end()
    {
        var plans = new QueryPlans();
        using var store = new StoreUnderTest(interceptor: plans);
        await store.Clinics.PutAsync(Some.Clinic with
        {
            StaffAlerts = [Nurse, "https://glow.example/alerts"],
            Webhooks = [new Subscription("https://glow.example/followup", Enum.GetValues<ClinicEventKind>())],
        }, "test", None);
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other" }, "test", None);
        await store.BookAsync(Some.Booking);
        plans.IsWatching = true;

        await store.ReceiveAsync("I have a fever");
        await store.ReceiveAsync("Which sunscreen do you recommend?");
        await store.ReceiveAsync("I have a fever", from: "+14155550777");
        await store.TellStaffAsync();
        await store.ReceiveAsync("I'm driving", from: Nurse);
        await store.ReceiveAsync("OK", from: Nurse);
        await store.ReceiveAsync("wrong number", from: Nurse);
        store.Clock.Now += Duration.FromMinutes(5);
        await store.TellStaffAsync();
        await store.Get<AlertStore>().IsNewsAsync("glow", None);
        await store.AlertsAsync();
        await store.InboxAsync();
        await store.InboxAsync(unread: true);
        await store.Get<InboxStore>().ReadAsync("glow", "SM-in-1", "Nurse Joy", "api", None);
        await store.Get<DeliveryTroubleStore>().FindAsync(None);
        await store.Get<DeliveryTroubleStore>().UnacknowledgedAsync(AlertStore.RepeatAfter, None);

        var feeds = store.Get<WebhookFeedStore>();
        await feeds.DueAsync("glow", None);
        await feeds.ListAsync("glow", None);
        var feed = (await feeds.ForgottenAsync(Duration.Zero, 10, None)).Single();
        await feeds.RecordAsync(feed, (await feeds.NextAsync(feed, None))!.Event!.Sequence, null, gone: false, None);

        Assert.True(plans.Count > 100, "The queries were not seen.");
        Assert.True(plans.Scans.Count == 0, string.Join('\n', plans.Scans));
    }

    /// <summary>Asks SQLite how it runs each query.</summary>
    private sealed partial class QueryPlans : DbCommandInterceptor
    {
        private bool _isAsking;

        public bool IsWatching { get; set; }

        public int Count { get; private set; }

        public List<string> Scans { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (IsWatching && !_isAsking && command.CommandText.Contains("SELECT", StringComparison.Ordinal))
            {
                Explain(command);
            }

            return ValueTask.FromResult(result);
        }

        private void Explain(DbCommand command)
        {
            _isAsking = true;
            Count++;
            using var explain = command.Connection!.CreateCommand();
            explain.Transaction = command.Transaction;
#pragma warning disable CA2100 // The app's own text.
            explain.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
#pragma warning restore CA2100
            foreach (DbParameter given in command.Parameters)
            {
                var parameter = explain.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (given.ParameterName, given.Value);
                explain.Parameters.Add(parameter);
            }

            using var reader = explain.ExecuteReader();
            var tables = Tables().Matches(command.CommandText).ToDictionary(match => match.Groups["alias"].Value, match => match.Groups["table"].Value);
            Assert.NotEmpty(tables);
            while (reader.Read())
            {
                var step = reader.GetString(3);
                if (Scan().Match(step) is { Success: true } scan && tables.GetValueOrDefault(scan.Groups["alias"].Value) is { } table && Grows(table))
                {
                    Scans.Add($"{table}: {step} in {command.CommandText}");
                }
            }

            _isAsking = false;
        }

        private static bool Grows(string table) =>
            table is "alerts" or "direct_messages" or "inbound_messages" or "inbound_copies" or "webhook_posts" or "webhook_events" or "patients" or "sessions" or "steps"
                or "consents" or "number_marks" or "audit";

        [GeneratedRegex("""(FROM|JOIN)\s"(?<table>\w+)"\sAS\s"(?<alias>\w+)\x22""", RegexOptions.ExplicitCapture)]
        private static partial Regex Tables();

        [GeneratedRegex(@"^SCAN (?<alias>\w+)", RegexOptions.ExplicitCapture)]
        private static partial Regex Scan();
    }
}
