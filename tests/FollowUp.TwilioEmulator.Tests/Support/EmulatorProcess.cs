using System.Diagnostics;
using System.Text.Json;

namespace FollowUp.TwilioEmulator.Tests.Support;

/// <summary>The emulator as a process of its own, as an operator starts it.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();

    private EmulatorProcess(Process process) => _process = process;

    public string Url { get; private set; } = "";

    /// <summary>What it printed before it was ready.</summary>
    public string Banner { get; private set; } = "";

    public static async Task<EmulatorProcess> StartAsync(params string[] options)
    {
        var emulator = new EmulatorProcess(Launch(
            ["--urls", "http://127.0.0.1:0", "--account-sid", Emulator.AccountSid, "--auth-token", Emulator.AuthToken, .. options]));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!emulator.Banner.Contains("Inbound webhook", StringComparison.Ordinal))
        {
            var line = await emulator._process.StandardOutput.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException("The emulator ended: " + await emulator._process.StandardError.ReadToEndAsync(limit.Token));
            emulator.Banner += line + "\n";
            if (line.StartsWith("Phone", StringComparison.Ordinal))
            {
                emulator.Url = line.Split(' ')[^1].Replace("/phone", "", StringComparison.Ordinal);
            }
        }

        emulator._http.DefaultRequestHeaders.Authorization = Emulator.Credentials(Emulator.AuthToken);
        return emulator;
    }

    public static Process Launch(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(EmulatorOptions).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("TWILIO_ACCOUNT_SID");
        start.Environment.Remove("TWILIO_AUTH_TOKEN");
        return Process.Start(start)!;
    }

    public async Task<string> CreateAsync(string statusCallback)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["To"] = Emulator.Patient,
            ["From"] = Emulator.Clinic,
            ["Body"] = "Hello Ada",
            ["StatusCallback"] = statusCallback,
        });
        using var response = await _http.PostAsync($"{Url}/2010-04-01/Accounts/{Emulator.AccountSid}/Messages.json", form);
        response.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("sid").GetString()!;
    }

    /// <summary>SIGKILL: nothing of the process runs any more.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
