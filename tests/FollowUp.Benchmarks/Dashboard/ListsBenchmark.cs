using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;

namespace FollowUp.Benchmarks.Dashboard;

/// <summary>
/// Every page and list of one clinic over HTTP, of two apps side by side: one with hardly anything stored and one with very much. Their requests take turns,
/// so that whatever else the machine does meets both. A page has to answer in less than ten times what it takes with nothing to show.
/// </summary>
internal sealed class ListsBenchmark(string folder, int sessions, Report report)
{
    private const int WarmUp = 40;
    private const int Requests = 60;
    private const double MostTimes = 10;
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 15, 0, 0, TimeSpan.Zero);

    private string Full => Path.Combine(folder, "full");

    /// <summary>Whether every page has kept to its limit.</summary>
    public async Task<bool> RunAsync()
    {
        await using ListsApp few = await StartAsync(Path.Combine(folder, "few"));
        await using (await StartAsync(Full))
        {
            // It makes the file with its tables.
        }

        Report.Progress($"filling up to {sessions:N0} sessions and {sessions * ManySessions.MessagesPerSession:N0} messages");
        double seconds = ManySessions.Insert(Path.Combine(Full, "followup.db"), sessions, s_now);
        Report.Progress($"filled in {seconds:F0} s");
        await using ListsApp many = await ListsApp.StartAsync(Full, s_now);
        int middle = 1_000_000 + (sessions / 2);
        string number = string.Create(CultureInfo.InvariantCulture, $"+1212{5_000_000 + (sessions / 4)}");
        var pages = await PagesAsync(few, "c-1", "c-1", "+12125550123", "Zo");
        var same = await PagesAsync(many, $"b-{middle}", $"p-{1_000_000 + (sessions / 4)}", number, "An");
        report.Add("size of the store", $"{new FileInfo(Path.Combine(Full, "followup.db")).Length / 1_000_000:N0} MB", string.Empty);
        bool isFastEnough = true;
        foreach (((string name, HttpClient client, string path), (_, HttpClient otherClient, string otherPath)) in pages.Zip(same))
        {
            (double alone, double among) = await MediansAsync((client, path), (otherClient, otherPath));
            Report.Progress(string.Create(CultureInfo.InvariantCulture, $"{name}: {alone:F1} ms, {among:F1} ms"));
            bool isSlow = among >= MostTimes * alone;
            isFastEnough &= !isSlow;
            report.Add(name, $"{alone:F1} ms", $"{among:F1} ms", $"{among / alone:F1} x{(isSlow ? "  TOO SLOW" : string.Empty)}");
        }

        return isFastEnough;
    }

    /// <summary>An app with the clinic and one session.</summary>
    private static async Task<ListsApp> StartAsync(string folder)
    {
        ListsApp app = await ListsApp.StartAsync(folder, s_now);
        await PutAsync(app, string.Empty, new { name = "Glow Skin Clinic", timeZone = "America/New_York", phone = "+12125550100", staffAlerts = new[] { "+12125550101" } });
        await PutAsync(app, "/sessions/c-1", new
        {
            patient = new { id = "c-1", firstName = "Zoe", phone = "+12125550123", language = "en", timeZone = "America/New_York", consents = new[] { "care" } },
            plan = "microneedling-acne-scars",
            startsAt = "2027-02-15T10:00:00-05:00",
            sessionNumber = 1,
            plannedSessions = 4,
        });
        return app;
    }

    private static async Task PutAsync(ListsApp app, string path, object body)
    {
        using HttpResponseMessage answer = await app.Api.PutAsJsonAsync($"/api/clinics/{ListsApp.Clinic}{path}", body);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<IReadOnlyList<(string Name, HttpClient Client, string Path)>> PagesAsync(ListsApp app, string session, string patient, string number, string name)
    {
        const string pages = $"/dashboard/clinics/{ListsApp.Clinic}";
        const string api = $"/api/clinics/{ListsApp.Clinic}";
        string byName = await app.SubmitAsync($"{pages}/sessions", ("find", name));
        string byNumber = await app.SubmitAsync($"{pages}/sessions", ("find", number));
        string byId = await app.SubmitAsync($"{pages}/sessions", ("find", session));
        string patients = await app.SubmitAsync($"{pages}/patients", ("find", name));
        return
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
    }

    private static async Task<(double Few, double Many)> MediansAsync((HttpClient Client, string Path) few, (HttpClient Client, string Path) many)
    {
        List<double> fewTimes = [];
        List<double> manyTimes = [];
        for (int i = -WarmUp; i < Requests; i++)
        {
            double first = await TimeAsync(few.Client, few.Path);
            double second = await TimeAsync(many.Client, many.Path);
            if (i >= 0)
            {
                fewTimes.Add(first);
                manyTimes.Add(second);
            }
        }

        return (Median(fewTimes), Median(manyTimes));
    }

    private static async Task<double> TimeAsync(HttpClient client, string path)
    {
        long started = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer = await client.GetAsync(path);
        await answer.Content.ReadAsByteArrayAsync();
        double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return answer.IsSuccessStatusCode || path.EndsWith("/health", StringComparison.Ordinal)
            ? milliseconds
            : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}.");
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
