using FollowUp.Data.Tests;
using FollowUp.Testing;

namespace FollowUp.Data.PostgreSql.Tests;

/// <summary>With years of data PostgreSQL answers each query from an index, and goes through few rows.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private readonly QueryPlans _plans = new();
    private readonly StoreUnderTest _store;

    public QueryPlanTests() => _store = new StoreUnderTest(interceptor: _plans);

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task What_runs_for_every_text_goes_through_few_rows()
    {
        await EveryQuery.OfTrafficAsync(_store, Ready);
        Assert.True(_plans.Count > 100, "The queries were not seen.");
        AssertFew();
    }

    [Fact]
    public async Task What_a_page_shows_is_found_among_few_rows()
    {
        await EveryQuery.OfPagesAsync(_store, Ready);
        Assert.True(_plans.Count > 100, "The queries were not seen.");
        AssertFew();
        foreach (var index in new[] { "steps_by_due", "steps_by_sent", "sessions_list_by_due", "sessions_list_by_start", "patients_by_name", "audit_by_time" })
        {
            Assert.Contains(index, _plans.Indexes);
        }
    }

    [Fact]
    public async Task What_sweeps_look_for_is_found_among_few_rows()
    {
        await EveryQuery.OfSweepsAsync(_store, Ready);
        Assert.True(_plans.Count > 50, "The queries were not seen.");
        AssertFew();
    }

    private void Ready()
    {
        YearsOfData.Fill(_store);
        _plans.IsWatching = true;
    }

    private void AssertFew()
    {
        // How many sessions there are can only be counted.
        var scans = _plans.Scans.Where(scan => !scan.Contains("in SELECT count(*)::int\nFROM sessions AS s\n", StringComparison.Ordinal)).Distinct().ToList();
        Assert.True(scans.Count == 0, string.Join("\n\n", scans));
    }
}
