using System.Collections.Concurrent;
using FollowUp.Cli.Demo.Bookings;
using FollowUp.Cli.Demo.Playing;
using FollowUp.Cli.Demo.Showing;

namespace FollowUp.Cli.Demo;

/// <summary>Plays the bookings and shows what comes of them, in the order of the simulated time, until every session has ended.</summary>
internal sealed class DemoWatch(DemoApp app, DemoPlayer player, DemoScreen screen)
{
    private const int MostLooks = 50;
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentQueue<Booking> _said = new();
    private readonly Dictionary<string, (string Patient, SessionView? View)> _sessions = [];
    private readonly Dictionary<string, HashSet<string>> _sessionsByPhone = [];
    private readonly TextFeed _feed = new(app);
    private int _texts;

    /// <summary>Gives the summary.</summary>
    /// <param name="progress">Told in one line where the demonstration is.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task<DemoSummary> RunAsync(Action<string> progress, CancellationToken cancellation)
    {
        Task playing = Task.Run(() => player.PlayAsync(_said.Enqueue, cancellation), cancellation);
        while (true)
        {
            bool hasPlayed = playing.IsCompleted;
            await (hasPlayed ? playing : Task.CompletedTask);
            await ShowNewsAsync(cancellation);
            progress(screen.Progress(app.Clock.GetUtcNow(), player.Played, player.Total, _texts));
            if (hasPlayed && await HaveAllEndedAsync(cancellation))
            {
                await ShowRestAsync(cancellation);
                return await SummariseInTheEndAsync(cancellation);
            }

            await Task.Delay(s_lookEvery, TimeProvider.System, cancellation);
        }
    }

    // A text may have come between the last look and the end.
    private async Task ShowRestAsync(CancellationToken cancellation)
    {
        do
        {
            await ShowNewsAsync(cancellation);
        }
        while (!_feed.IsQuiet);
    }

    private async Task ShowNewsAsync(CancellationToken cancellation)
    {
        List<(DateTimeOffset At, Action Show)> news = [];
        while (_said.TryDequeue(out Booking? booking))
        {
            _sessions.TryAdd(booking.Session, (booking.FirstName, null));
            _sessionsByPhone.TryAdd(booking.Phone, []);
            _sessionsByPhone[booking.Phone].Add(booking.Session);
            news.Add((booking.At, () => screen.Show(booking)));
        }

        foreach (SentText sent in await _feed.NextAsync(phone => _sessionsByPhone.GetValueOrDefault(phone, []), cancellation))
        {
            _texts += sent.Text.IsInbound ? 0 : 1;
            news.Add((sent.Text.At, () => screen.Show(sent)));
        }

        foreach ((_, Action show) in news.OrderBy(item => item.At))
        {
            show();
        }
    }

    // Asks again only after sessions that had not ended when last asked.
    private async Task<bool> HaveAllEndedAsync(CancellationToken cancellation)
    {
        foreach ((string session, (string patient, SessionView? view)) in _sessions.ToList())
        {
            if (view is not { HasEnded: true })
            {
                SessionView now = await app.Clinic.GetSessionAsync(session, cancellation);
                _sessions[session] = (patient, now);
                if (!now.HasEnded)
                {
                    return false;
                }
            }
        }

        return true;
    }

    // The carrier's word on the last text comes after its session has ended.
    private async Task<DemoSummary> SummariseInTheEndAsync(CancellationToken cancellation)
    {
        for (int looks = 1; ; looks++)
        {
            DemoSummary summary = await SummariseAsync(cancellation);
            if (looks == MostLooks || !summary.HasTextsUnderWay)
            {
                return summary;
            }

            await Task.Delay(s_lookEvery, TimeProvider.System, cancellation);
        }
    }

    private async Task<DemoSummary> SummariseAsync(CancellationToken cancellation)
    {
        List<(string Patient, SessionView Session)> rows = [];
        foreach ((string session, (string patient, _)) in _sessions)
        {
            rows.Add((patient, await app.Clinic.GetSessionAsync(session, cancellation)));
        }

        return new DemoSummary([.. rows.OrderBy(row => row.Patient, StringComparer.Ordinal).ThenBy(row => row.Session.SessionNumber)]);
    }
}
