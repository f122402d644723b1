namespace FollowUp.Testing;

/// <summary>Waits for what another process is about to do.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(25);

    /// <summary>Looks until there is something to give; a null is nothing yet.</summary>
    /// <param name="what">What is waited for, as the end of "no ...".</param>
    /// <param name="look">Looks once.</param>
    /// <param name="patience">Real time, generous: it is used up only by a failure.</param>
    /// <param name="explain">More to say when it does not come.</param>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> look, TimeSpan patience, Func<string> explain)
        where T : class
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(patience);
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }

            try
            {
                await Task.Delay(s_lookEvery, TimeProvider.System, limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"No {what} within {patience}.\n{explain()}");
            }
        }
    }
}
