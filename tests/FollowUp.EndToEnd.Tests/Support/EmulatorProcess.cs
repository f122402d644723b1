using System.Net.Http.Json;
using FollowUp.Testing;

namespace FollowUp.EndToEnd.Tests.Support;

/// <summary>The Twilio emulator as a process of its own, which lives on when the app is killed.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private const string AccountSid = "AC0123456789abcdef0123456789abcdef";
    private const string AuthToken = "0123456789abcdef0123456789abcdef";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private readonly ChildProcess _process;

    private EmulatorProcess(ChildProcess process, string address)
    {
        _process = process;
        Address = address;
        Twilio = new TwilioApi(address, AccountSid, AuthToken);
    }

    public string Address { get; }

    public TwilioApi Twilio { get; }

    /// <summary>The settings of an app that sends here, over a line at some other address.</summary>
    public static IReadOnlyDictionary<string, string> AppSettings(string lineAddress) => new Dictionary<string, string>
    {
        ["Twilio__BaseAddress"] = lineAddress,
        ["Twilio__AccountSid"] = AccountSid,
        ["Twilio__AuthToken"] = AuthToken,
        ["Twilio__From"] = "+15005550006",
    };

    /// <param name="directory">Where it keeps its texts.</param>
    /// <param name="appAddress">The app that is told of patients' replies.</param>
    public static async Task<EmulatorProcess> StartAsync(string directory, string appAddress)
    {
        ChildProcess process = ChildProcess.Start(
            "FollowUp.TwilioEmulator",
            directory,
            new Dictionary<string, string>(),
            "--urls", "http://127.0.0.1:0",
            "--account-sid", AccountSid,
            "--auth-token", AuthToken,
            "--database", Path.Combine(directory, "emulator.db"),
            "--inbound-url", appAddress + "/api/twilio/inbound");
        try
        {
            string phone = await Eventually.GetAsync(
                "address of the emulator",
                () => Task.FromResult(process.Output.FirstOrDefault(line => line.EndsWith("/phone", StringComparison.Ordinal))),
                s_patience,
                process.Transcript);
            return new EmulatorProcess(process, phone.Split(' ')[^1].Replace("/phone", "", StringComparison.Ordinal));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on Twilio's reports on texts to these numbers are lost.</summary>
    public Task LoseReportsAsync(IEnumerable<string> phones) =>
        GoWrongAsync(phones.Select(phone => new { kind = "lost-callbacks", to = phone }));

    /// <summary>The next text to each of these numbers is taken, and neither answered nor reported on.</summary>
    public Task FallSilentAsync(IReadOnlyCollection<string> phones) => GoWrongAsync(
    [
        .. phones.Select(phone => new { kind = "no-answer-after-accepting", to = phone, count = 1 }),
        .. phones.Select(phone => new { kind = "lost-callbacks", to = phone, count = 1 }),
    ]);

    /// <summary>A patient texts.</summary>
    public async Task TextAsync(string from, string body)
    {
        using HttpClient http = new();
        using HttpResponseMessage response = await http.PostAsJsonAsync(
            Address + "/emulator/inbound", new { from, body }, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private async Task GoWrongAsync(IEnumerable<object> faults)
    {
        using HttpClient http = new();
        using HttpResponseMessage response = await http.PutAsJsonAsync(
            Address + "/emulator/faults", faults, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync()
    {
        Twilio.Dispose();
        return _process.DisposeAsync();
    }
}
