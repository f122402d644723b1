using FollowUp.Testing;

namespace FollowUp.Data.Tests;

/// <summary>What runs often, and what a page shows, is found through an index, however long the history is.</summary>
public sealed class QueryPlanTests
{
    [Fact]
    public async Task Nothing_that_grows_is_read_from_end_to_end()
    {
        var plans = new QueryPlans();
        using var store = new StoreUnderTest(interceptor: plans);
        await EveryQuery.OfTrafficAsync(store, () => plans.IsWatching = true);

        Assert.True(plans.Count > 100, "The queries were not seen.");
        Assert.True(plans.Scans.Count == 0, string.Join('\n', plans.Scans));
    }

    [Fact]
    public async Task No_page_reads_a_growing_table_from_end_to_end()
    {
        var plans = new QueryPlans();
        using var store = new StoreUnderTest(interceptor: plans);
        await EveryQuery.OfPagesAsync(store, () => plans.IsWatching = true);

        Assert.True(plans.Count > 100, "The queries were not seen.");

        // Few among many: whoever looks for them by any other index walks past everything that has been settled.
        Assert.Contains(plans.Steps, step => step.EndsWith("USING INDEX alerts_open (clinic_id=?)", StringComparison.Ordinal));
        Assert.Contains(plans.Steps, step => step.EndsWith("USING INDEX inbound_copies_waiting (clinic_id=?)", StringComparison.Ordinal));

        // How many sessions there are can only be counted: of the smallest index, which takes a millisecond for a hundred thousand.
        var scans = plans.Scans.Where(scan => !scan.StartsWith("sessions: SCAN s USING COVERING INDEX sqlite_autoindex_sessions_1 in SELECT COUNT(*)", StringComparison.Ordinal));
        Assert.True(!scans.Any(), string.Join("\n\n", scans.Distinct()));
    }

    [Fact]
    public async Task No_sweep_and_no_list_of_what_was_done_reads_a_growing_table_from_end_to_end()
    {
        var plans = new QueryPlans();
        using var store = new StoreUnderTest(interceptor: plans);
        await EveryQuery.OfSweepsAsync(store, () => plans.IsWatching = true);

        Assert.True(plans.Count > 50, "The queries were not seen.");

        // That index holds what is still to be told, which is soon.
        var scans = plans.Scans.Where(scan => !scan.StartsWith("alerts: SCAN a USING COVERING INDEX alerts_to_notify", StringComparison.Ordinal));
        Assert.True(!scans.Any(), string.Join("\n\n", scans.Distinct()));
    }
}
