using System.Threading.Channels;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>
/// Keeps an activity in the middle of its work for as long as a test needs it there. An activity that waits at the gate
/// keeps a simulated clock still, so no test that uses one may let time pass before it opens the gate.
/// </summary>
public sealed class Gate
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<int> arrivals = Channel.CreateUnbounded<int>();
    private int entered;

    /// <summary>How many have come to the gate so far.</summary>
    public int Entered => Volatile.Read(ref entered);

    /// <summary>Waits until the gate is opened, or fails when it is abandoned.</summary>
    public Task PassAsync()
    {
        arrivals.Writer.TryWrite(Interlocked.Increment(ref entered));
        return opened.Task;
    }

    /// <summary>Completes when somebody new stands at the gate.</summary>
    public async Task SomebodyArrivesAsync() => await arrivals.Reader.ReadAsync().AsTask().WaitAsync(EngineUnderTest.Limit);

    /// <summary>Lets everybody through, now and later.</summary>
    public void Open() => opened.TrySetResult();

    /// <summary>Ends the waiting as the death of the process does: the work is never finished.</summary>
    public void Abandon() => opened.TrySetException(new OperationCanceledException("The process died."));
}
