using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using FollowUp.EmbeddedHost.Functions.Console;
using FollowUp.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

namespace FollowUp.Benchmarks.Dashboard;

/// <summary>The whole app on a data directory, with somebody signed in to its dashboard and a client of its API.</summary>
internal sealed partial class ListsApp : IAsyncDisposable
{
    public const string Clinic = "glow";
    private const string ApiKey = "a-key-for-benchmarks-that-nobody-can-guess";

    private readonly IHost _host;

    private ListsApp(IHost host, string address)
    {
        _host = host;
        Browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(address) };
        Api = new HttpClient { BaseAddress = new Uri(address) };
        Api.DefaultRequestHeaders.Add("X-Api-Key", ApiKey);
    }

    /// <summary>Signed in as root.</summary>
    public HttpClient Browser { get; }

    /// <summary>Sends the API key.</summary>
    public HttpClient Api { get; }

    /// <param name="folder">The data directory.</param>
    /// <param name="now">Where the app's clock begins; it goes on at the real one's pace.</param>
    public static async Task<ListsApp> StartAsync(string folder, DateTimeOffset now)
    {
        FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(
        [
            "--urls", "http://127.0.0.1:0",
            "--FollowUp:DataDirectory", folder,
            "--FollowUp:ApiKey", ApiKey,
            "--FollowUp:Clock:Start", now.ToString("o", CultureInfo.InvariantCulture),
            "--FollowUp:RateLimit:PerMinute", "0",
            "--FollowUp:PublicUrl", string.Empty,
            "--Twilio:AccountSid", string.Empty,
            "--Twilio:BaseAddress", string.Empty,
            "--Database:ConnectionString", string.Empty,
            "--Logging:LogLevel:Default", "Error",
        ]);
        builder.HideBanner();
        builder.ConfigureFunctionsWebApplication();
        builder.AddFollowUp();
        IHost host = builder.Build();
        await host.StartAsync();
        ListsApp app = new(host, builder.Configuration["urls"]!);
        await app.SignInAsync();
        return app;
    }

    /// <summary>Sends a form of the dashboard, and gives where it leads to.</summary>
    public async Task<string> SubmitAsync(string path, params (string Name, string Value)[] fields)
    {
        string page = await Browser.GetStringAsync(fields.Any(field => field.Name == "password") ? "/dashboard/sign-in" : path);
        string token = FormToken().Match(page).Groups[1].Value;
        using FormUrlEncodedContent form = new(fields.Append(("__form", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        using HttpResponseMessage answer = await Browser.PostAsync(path, form);
        return answer.StatusCode == HttpStatusCode.SeeOther
            ? answer.Headers.Location!.ToString()
            : throw new InvalidOperationException($"{path} answered {answer.StatusCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        Api.Dispose();
        await _host.StopAsync();
        _host.Dispose();
    }

    private Task<string> SignInAsync() => SubmitAsync("/dashboard/sign-in", ("name", "root"), ("password", ApiKey), ("return", string.Empty));

    [GeneratedRegex("name=\"__form\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
