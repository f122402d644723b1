using FollowUp.Cli.Demo.Playing;

namespace FollowUp.Cli.Demo.Story;

/// <summary>Something that a clinic's booking system, its staff or a patient does at one moment.</summary>
/// <param name="At">The simulated instant.</param>
/// <param name="Do">Does it, through the app's own doors. The clock stands meanwhile.</param>
internal sealed record Act(DateTimeOffset At, Func<Stage, CancellationToken, Task> Do);
