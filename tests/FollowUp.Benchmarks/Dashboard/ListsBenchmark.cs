using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;

namespace FollowUp.Benchmarks.Dashboard;

/// <summary>
/// Every page and list of one clinic over HTTP, first with hardly anything stored and then with very much, in one run on one file. A page has to answer
/// in less than ten times what it takes with nothing to show.
/// </summary>
internal sealed class ListsBenchmark(string folder, int sessions, Report report)
{
    private const int WarmUp = 8;
    private const int Requests = 40;
    private const double MostTimes = 10;
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 15, 0, 0, TimeSpan.Zero);

    /// <summary>Whether every page has kept to its limit.</summary>
    public async Task<bool> RunAsync()
    {
        Report.Progress("the dashboard and the lists of a clinic with one session");
        Dictionary<string, double> empty;
        await using (ListsApp app = await ListsApp.StartAsync(folder, s_now))
        {
            await PutAsync(app, string.Empty, new { name = "Glow Skin Clinic", timeZone = "America/New_York", phone = "+12125550100", staffAlerts = new[] { "+12125550101" } });
            await PutAsync(app, "/sessions/c-1", new
            {
                patient = new { id = "c-1", firstName = "Zoe", phone = "+12125550123", language = "en", timeZone = "America/New_York", consents = new[] { "care" } },
                plan = "microneedling-acne-scars",
                startsAt = "2027-02-15T10:00:00-05:00",
                sessionNumber = 1,
                plannedSessions = 4,
            });

            // Once unmeasured, so that the compiler has done with the code before the first figure.
            await MeasureAsync(app, "c-1", "c-1", "+12125550123", "Zo");
            empty = await MeasureAsync(app, "c-1", "c-1", "+12125550123", "Zo");
        }

        Report.Progress($"filling up to {sessions:N0} sessions and {sessions * ManySessions.MessagesPerSession:N0} messages");
        double seconds = ManySessions.Insert(Path.Combine(folder, "followup.db"), sessions, s_now);
        Report.Progress($"filled in {seconds:F0} s; the same pages with them");
        Dictionary<string, double> full;
        await using (ListsApp app = await ListsApp.StartAsync(folder, s_now))
        {
            int middle = 1_000_000 + (sessions / 2);
            string number = string.Create(CultureInfo.InvariantCulture, $"+1212{5_000_000 + (sessions / 4)}");
            full = await MeasureAsync(app, $"b-{middle}", $"p-{1_000_000 + (sessions / 4)}", number, "An");
        }

        report.Add("size of the store", $"{new FileInfo(Path.Combine(folder, "followup.db")).Length / 1_000_000:N0} MB");
        foreach ((string page, double milliseconds) in empty)
        {
            double times = full[page] / milliseconds;
            report.Add(page, $"{milliseconds:F1} ms", $"{full[page]:F1} ms", $"{times:F1} x{(times < MostTimes ? string.Empty : "  TOO SLOW")}");
        }

        return empty.All(page => full[page.Key] < MostTimes * page.Value);
    }

    private static async Task PutAsync(ListsApp app, string path, object body)
    {
        using HttpResponseMessage answer = await app.Api.PutAsJsonAsync($"/api/clinics/{ListsApp.Clinic}{path}", body);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<Dictionary<string, double>> MeasureAsync(ListsApp app, string session, string patient, string number, string name)
    {
        const string pages = $"/dashboard/clinics/{ListsApp.Clinic}";
        const string api = $"/api/clinics/{ListsApp.Clinic}";
        string byName = await app.SubmitAsync($"{pages}/sessions", ("find", name));
        string byNumber = await app.SubmitAsync($"{pages}/sessions", ("find", number));
        string byId = await app.SubmitAsync($"{pages}/sessions", ("find", session));
        string patients = await app.SubmitAsync($"{pages}/patients", ("find", name));
        (string Name, HttpClient Client, string Path)[] all =
        [
            ("page: today", app.Browser, $"{pages}/today"),
            ("page: sessions", app.Browser, $"{pages}/sessions"),
            ("page: sessions, starting last first", app.Browser, $"{pages}/sessions?sort=starts-last-first"),
            ("page: sessions, one state and plan", app.Browser, $"{pages}/sessions?state=waiting&plan=superficial-peel"),
            ("page: search by the beginning of a name", app.Browser, byName),
            ("page: search by number", app.Browser, byNumber),
            ("page: search by id", app.Browser, byId),
            ("page: one session", app.Browser, $"{pages}/sessions/{session}"),
            ("page: patients", app.Browser, $"{pages}/patients"),
            ("page: patients by the beginning of a name", app.Browser, patients),
            ("page: one patient", app.Browser, $"{pages}/patients/{patient}"),
            ("page: inbox", app.Browser, $"{pages}/inbox"),
            ("page: inbox, all", app.Browser, $"{pages}/inbox?all=1"),
            ("page: alerts", app.Browser, $"{pages}/alerts"),
            ("page: alerts, all", app.Browser, $"{pages}/alerts?all=1"),
            ("page: audit", app.Browser, $"{pages}/audit"),
            ("page: audit of one session", app.Browser, $"{pages}/audit?id={session}"),
            ("page: plans", app.Browser, $"{pages}/plans"),
            ("page: system", app.Browser, $"{pages}/system"),
            ("API: sessions", app.Api, $"{api}/sessions"),
            ("API: search by the beginning of a name", app.Api, $"{api}/sessions?q={name}"),
            ("API: search by number", app.Api, $"{api}/sessions?q={Uri.EscapeDataString(number)}"),
            ("API: search by id", app.Api, $"{api}/sessions?q={session}"),
            ("API: one session", app.Api, $"{api}/sessions/{session}"),
            ("API: one patient", app.Api, $"{api}/patients/{patient}"),
            ("API: messages of one patient", app.Api, $"{api}/patients/{patient}/messages"),
            ("API: inbox", app.Api, $"{api}/inbox?unread=true"),
            ("API: alerts", app.Api, $"{api}/alerts?open=true"),
            ("API: audit", app.Api, $"{api}/audit"),
            ("API: health", app.Api, "/api/health"),
        ];
        Dictionary<string, double> medians = [];
        foreach ((string what, HttpClient client, string path) in all)
        {
            medians[what] = await MedianAsync(client, path);
            Report.Progress(string.Create(CultureInfo.InvariantCulture, $"{what}: {medians[what]:F1} ms"));
        }

        return medians;
    }

    private static async Task<double> MedianAsync(HttpClient client, string path)
    {
        List<double> times = [];
        for (int i = -WarmUp; i < Requests; i++)
        {
            long started = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = await client.GetAsync(path);
            await answer.Content.ReadAsByteArrayAsync();
            double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (!answer.IsSuccessStatusCode && !path.EndsWith("/health", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}.");
            }

            if (i >= 0)
            {
                times.Add(milliseconds);
            }
        }

        times.Sort();
        return times[times.Count / 2];
    }
}
