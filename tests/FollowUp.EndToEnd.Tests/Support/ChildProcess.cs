using System.Collections.Concurrent;
using System.Diagnostics;

namespace FollowUp.Testing;

/// <summary>
/// One of our programs as a process of its own: <c>dotnet PROGRAM.dll</c>, from beside the tests, with none of the settings that happen
/// to be in the environment. It never outlives the tests.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly string[] s_foreignSettings =
    [
        "FollowUp", "Twilio", "Database", "AzureWebJobs", "AzureFunctions", "AZURE_FUNCTIONS", "FUNCTIONS_", "ASPNETCORE_", "Logging", "urls",
    ];

    private static readonly ConcurrentDictionary<ChildProcess, bool> s_alive = new();

    private readonly string _name;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    // Whoever stops the tests in the middle stops what they have started too.
    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (ChildProcess process in s_alive.Keys)
        {
            process.Kill();
        }
    };

    private ChildProcess(string name, ProcessStartInfo start)
    {
        _name = name;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        s_alive.TryAdd(this, true);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The lines written to stdout so far.</summary>
    public IReadOnlyList<string> Output => [.. _output];

    /// <summary>The lines written to stderr so far.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    /// <param name="program">The name of the program's DLL, without its ending.</param>
    /// <param name="workingDirectory">Where it starts: never the repository, whose settings are not the test's.</param>
    /// <param name="environment">Settings, added to the environment.</param>
    /// <param name="arguments">The command line.</param>
    public static ChildProcess Start(
        string program, string workingDirectory, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string dll = Path.Combine(AppContext.BaseDirectory, program + ".dll");
        Assert.True(File.Exists(dll), $"{dll} is not there: build the tests with their project references.");
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        ProcessStartInfo start = new(dotnet, [dll, .. arguments])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string name in start.Environment.Keys.ToList())
        {
            if (s_foreignSettings.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                start.Environment.Remove(name);
            }
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(program, start);
    }

    /// <summary>SIGKILL: not one more instruction of it runs. Returns when it is gone.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself just now.
        }

        _process.WaitForExit();
        s_alive.TryRemove(this, out _);
    }

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>
    /// SIGINT, as Ctrl+C sends it. Whoever runs the tests in the background of a shell has all that is started there ignore it: then SIGTERM, which
    /// is handled alike.
    /// </summary>
    public void Interrupt() => Signal(IgnoresInterrupt() ? "TERM" : "INT");

    private bool IgnoresInterrupt()
    {
        const long Interrupt = 1 << (2 - 1);
        string status = $"/proc/{_process.Id}/status";
        return File.Exists(status)
            && File.ReadLines(status).FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
            && (Convert.ToInt64(ignored["SigIgn:".Length..].Trim(), 16) & Interrupt) != 0;
    }

    private void Signal(string name)
    {
        using Process kill = Process.Start("sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits until it has ended by itself and all its output is there; gives the exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan patience)
    {
        using CancellationTokenSource limit = new(patience, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{_name} has not ended within {patience}.\n{Transcript()}");
        }

        return _process.ExitCode;
    }

    /// <summary>The end of what it wrote, for the message of a failure.</summary>
    public string Transcript() =>
        string.Join('\n', [$"--- {_name}, its last lines:", .. _output.TakeLast(80), "--- on stderr:", .. _errors.TakeLast(40)]);

    /// <summary>Kills it, and leaves its output with the test's, which is shown when the test fails.</summary>
    public ValueTask DisposeAsync()
    {
        Kill();
        TestContext.Current.TestOutputHelper?.WriteLine(Transcript());
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
