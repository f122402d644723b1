using FollowUp.EmbeddedHost.Engine;

namespace FollowUp.Workflows.Tests;

/// <summary>Orchestrations that were begun with an earlier release go on with this one.</summary>
public class HistoryTests
{
    public static TheoryData<string> Files() => [.. RecordedHistories.Files()];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_recorded_history_is_followed_to_its_end(string file) =>
        Assert.Null(new HistoryReplay(RecordedHistories.Registry()).FindDifference(RecordedHistories.Read(file)));

    [Fact]
    public void Every_orchestrator_has_histories_of_the_version_that_is_started_now()
    {
        var recorded = RecordedHistories.Files().Select(RecordedHistories.Read).Where(history => history.Version == RecordedHistories.Version);

        Assert.Equal(RecordedHistories.Orchestrators.Keys.Order(), recorded.Select(history => history.Orchestrator).Distinct().Order());
    }

    [Fact]
    public void Recorded_histories_name_no_patient_and_no_folder()
    {
        foreach (var file in RecordedHistories.Files())
        {
            var text = RecordedHistories.Read(file).ToJson();
            Assert.DoesNotContain("Ada", text, StringComparison.Ordinal);
            Assert.DoesNotContain("+1415", text, StringComparison.Ordinal);
            Assert.DoesNotContain(".cs:line", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_orchestrator_that_sends_before_it_plans_is_found()
    {
        var registry = new TaskRegistry();
        registry.AddOrchestrator(SessionFollowUp.Name, async context =>
        {
            await context.CallActivityAsync<object>(nameof(SessionActivities.SendMessage));
            return null;
        });
        var history = RecordedHistories.Files().Select(RecordedHistories.Read).First(one => one.Orchestrator == SessionFollowUp.Name);

        Assert.Contains("'PlanSession'", new HistoryReplay(registry).FindDifference(history), StringComparison.Ordinal);
    }
}
