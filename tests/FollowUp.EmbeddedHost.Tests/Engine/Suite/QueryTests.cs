using FollowUp.EmbeddedHost.Engine;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 9: listing instances.</summary>
public abstract class QueryTests : EngineSuite
{
    [Fact, Row("9", "Order")]
    public async Task Instances_come_in_ordinal_order_of_their_ids()
    {
        await using var engine = await OpenAsync(Instances);
        await StartAsync(engine, "b", "a", "D", "a1", "C", "é", "_", "10", "9");

        Assert.Equal(["10", "9", "C", "D", "_", "a", "a1", "b", "é"], await LifecycleTests.IdsAsync(engine));
    }

    [Theory, Row("9", "InstanceIdPrefix")]
    [InlineData("glow:", "glow:1", "glow:2")]
    [InlineData("Glow:", "Glow:3")]
    [InlineData("glow_")]
    [InlineData("glow%")]
    [InlineData("100%", "100%:1")]
    [InlineData("nobody")]
    [InlineData("", "100%:1", "Glow:3", "glow:1", "glow:2", "shine:1")]
    [InlineData(null, "100%:1", "Glow:3", "glow:1", "glow:2", "shine:1")]
    public async Task A_prefix_selects_by_the_letters_as_they_are(string? prefix, params string[] expected)
    {
        await using var engine = await OpenAsync(Instances);
        await StartAsync(engine, "glow:1", "glow:2", "Glow:3", "shine:1", "100%:1");

        Assert.Equal(expected, await LifecycleTests.IdsAsync(engine, new OrchestrationQuery(InstanceIdPrefix: prefix)));
    }

    [Fact, Row("9", "FetchInputsAndOutputs=false (default)")]
    public async Task Without_its_data_an_instance_still_shows_its_output()
    {
        await using var engine = await OpenAsync(Instances);
        await engine.RunAsync("Instance", "finish", "a");

        var bare = await SingleAsync(engine, new OrchestrationQuery());
        var whole = await SingleAsync(engine, new OrchestrationQuery(FetchInputsAndOutputs: true));

        Assert.True(string.IsNullOrEmpty(bare.SerializedInput));
        Assert.Equal("\"finish\"", bare.SerializedOutput);
        Assert.Equal("finish", whole.ReadInputAs<string>());
        Assert.Equal("finish", whole.ReadOutputAs<string>());
        Assert.Equal(Completed, bare.RuntimeStatus);
        Assert.Equal("Instance", bare.Name);
        Assert.Equal(EngineSetup.Monday, bare.CreatedAt);
    }

    [Fact, Row("9", "Statuses")]
    public async Task Statuses_are_alternatives_and_none_means_all()
    {
        await using var engine = await OpenAsync(Instances);
        await engine.RunAsync("Instance", "finish", "completed");
        await engine.RunAsync("Instance", "fail", "failed");
        await engine.StartAsync("Instance", "wait", "running");
        await engine.SettleAsync();

        Assert.Equal(["completed", "running"], await ByStatusAsync(Completed, Running));
        Assert.Equal(["failed"], await ByStatusAsync(Failed));
        Assert.Empty(await ByStatusAsync(Suspended));
        Assert.Equal(["completed", "failed", "running"], await ByStatusAsync());

        Task<List<string>> ByStatusAsync(params OrchestrationRuntimeStatus[] statuses) =>
            LifecycleTests.IdsAsync(engine, new OrchestrationQuery(Statuses: statuses));
    }

    [Fact, Row("9", "CreatedFrom and CreatedTo both inclusive")]
    public async Task Both_ends_of_a_time_range_belong_to_it()
    {
        await using var engine = await OpenAsync(Instances);
        var times = new List<DateTimeOffset>();
        foreach (var id in new[] { "a", "b", "c" })
        {
            times.Add(engine.Clock.GetUtcNow());
            await engine.StartAsync("Instance", "finish", id);
            await engine.PassAsync(TimeSpan.FromHours(1));
        }

        Assert.Equal(["a", "b"], await BetweenAsync(times[0], times[1]));
        Assert.Equal(["b", "c"], await BetweenAsync(times[1], null));
        Assert.Equal(["a"], await BetweenAsync(null, times[1].AddTicks(-1)));
        Assert.Equal(["b"], await BetweenAsync(times[1].ToOffset(TimeSpan.FromHours(9)), times[1].ToOffset(TimeSpan.FromHours(-8))));

        Task<List<string>> BetweenAsync(DateTimeOffset? from, DateTimeOffset? to) =>
            LifecycleTests.IdsAsync(engine, new OrchestrationQuery(from, to));
    }

    [Fact, Row("9", "Paging")]
    public async Task Pages_follow_one_another_without_gap_or_overlap_and_a_token_goes_on_where_they_stopped()
    {
        await using var engine = await OpenAsync(Instances);
        string[] ids = [.. Enumerable.Range(0, 25).Select(n => $"n-{n:00}")];
        await StartAsync(engine, ids);
        var pages = new List<Page<OrchestrationMetadata>>();
        await foreach (var page in engine.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 10)).AsPages())
        {
            pages.Add(page);
        }

        Assert.Equal([10, 10, 5], pages.Select(page => page.Values.Count));
        Assert.Equal(ids, pages.SelectMany(page => page.Values).Select(instance => instance.InstanceId));
        Assert.Null(pages[^1].ContinuationToken);

        await engine.RestartAsync();
        await engine.StartAsync("Instance", "wait", "n-05-new"); // before the token: must not shift what follows
        var rest = new OrchestrationQuery(PageSize: 10, ContinuationToken: pages[0].ContinuationToken);
        Assert.Equal(ids[10..], await LifecycleTests.IdsAsync(engine, rest));
    }

    [Fact, Row("9", "Paging: AsPages hints")]
    public async Task A_page_may_be_asked_for_by_token_and_size()
    {
        await using var engine = await OpenAsync(Instances);
        await StartAsync(engine, "a", "b", "c", "d", "e");
        var all = engine.Client.GetAllInstancesAsync();

        var first = await FirstAsync(all.AsPages(pageSizeHint: 2));
        var second = await FirstAsync(all.AsPages(first.ContinuationToken, 2));

        Assert.Equal(["a", "b"], first.Values.Select(instance => instance.InstanceId));
        Assert.Equal(["c", "d"], second.Values.Select(instance => instance.InstanceId));

        static async Task<Page<OrchestrationMetadata>> FirstAsync(IAsyncEnumerable<Page<OrchestrationMetadata>> pages)
        {
            await foreach (var page in pages)
            {
                return page;
            }

            throw new InvalidOperationException("There is no page.");
        }
    }

    [Fact, Row("9", "Paging: default 100")]
    public async Task A_page_holds_a_hundred_instances_unless_told_otherwise()
    {
        await using var engine = await OpenAsync(Instances);
        await StartAsync(engine, [.. Enumerable.Range(0, 101).Select(n => $"n-{n:000}")]);

        var sizes = new List<int>();
        await foreach (var page in engine.Client.GetAllInstancesAsync().AsPages())
        {
            sizes.Add(page.Values.Count);
        }

        Assert.Equal([100, 1], sizes);
    }

    [Theory, Row("own", "PageSize 0 / -1: the real engine's endless empty pages are not reproduced")]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_page_size_below_one_does_not_list_for_ever(int size)
    {
        await using var engine = await OpenAsync(Instances);
        await StartAsync(engine, "a", "b", "c");

        var ids = await LifecycleTests.IdsAsync(engine, new OrchestrationQuery(PageSize: size)).WaitAsync(EngineUnderTest.Limit);

        Assert.Equal(["a", "b", "c"], ids);
    }

    [Fact, Row("9", "Bad token")]
    public async Task A_token_that_no_page_gave_is_an_error()
    {
        await using var engine = await OpenAsync(Instances);
        await StartAsync(engine, "a");

        var error = await Assert.ThrowsAsync<RpcException>(
            () => LifecycleTests.IdsAsync(engine, new OrchestrationQuery(ContinuationToken: "abc")));

        Assert.Equal(StatusCode.Unknown, error.Status.StatusCode);
    }

    private static async Task StartAsync(EngineUnderTest engine, params string[] ids)
    {
        await Task.WhenAll(ids.Select(id => engine.StartAsync("Instance", "wait", id)));
        await engine.SettleAsync();
    }

    private static async Task<OrchestrationMetadata> SingleAsync(EngineUnderTest engine, OrchestrationQuery query)
    {
        var found = new List<OrchestrationMetadata>();
        await foreach (var instance in engine.Client.GetAllInstancesAsync(query))
        {
            found.Add(instance);
        }

        return Assert.Single(found);
    }

    private static void Instances(TaskRegistry tasks) => tasks.AddOrchestrator<string, string>("Instance", async (context, what) => what switch
    {
        "wait" => await context.WaitForExternalEvent<string>("never"),
        "fail" => throw new ClinicClosedException("closed"),
        _ => what,
    });
}
