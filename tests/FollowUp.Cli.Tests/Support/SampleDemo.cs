namespace FollowUp.Cli.Tests.Support;

/// <summary>One run of the sample clinic, which several tests look at.</summary>
public sealed class SampleDemo : IAsyncLifetime
{
    private FollowUpCommand? _run;

    internal FollowUpCommand Run => _run!;

    public async ValueTask InitializeAsync() => _run = await FollowUpCommand.RunAsync("demo");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
