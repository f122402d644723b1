using FollowUp.EmbeddedHost.Functions.Http;

namespace FollowUp.EmbeddedHost.Tests.Functions.Http;

/// <summary>When requests are let in, and how long a stop waits for them.</summary>
public sealed class TrafficGateTests
{
    [Fact]
    public async Task Requests_wait_until_the_engine_is_up()
    {
        using var gate = new TrafficGate();
        Task<bool> early = gate.TryEnterAsync(CancellationToken.None).AsTask();

        Assert.False(early.IsCompleted);
        gate.Open();
        Assert.True(await early);
    }

    [Fact]
    public async Task Closing_waits_for_those_inside_and_lets_nobody_in()
    {
        using var gate = new TrafficGate();
        gate.Open();
        Assert.True(await gate.TryEnterAsync(CancellationToken.None));

        Task closing = gate.CloseAsync(CancellationToken.None);

        Assert.False(await gate.TryEnterAsync(CancellationToken.None));
        Assert.False(closing.IsCompleted);
        Assert.False(gate.Impatience.IsCancellationRequested);
        gate.Leave();
        await closing;
    }

    [Fact]
    public async Task When_patience_ends_those_inside_are_told_to_stop()
    {
        using var gate = new TrafficGate();
        using var patience = new CancellationTokenSource();
        gate.Open();
        Assert.True(await gate.TryEnterAsync(CancellationToken.None));

        Task closing = gate.CloseAsync(patience.Token);
        await patience.CancelAsync();
        await closing;

        Assert.True(gate.Impatience.IsCancellationRequested);
    }
}
