using System.CommandLine;
using FollowUp.Cli.Health;

namespace FollowUp.Cli.Commands;

/// <summary><c>health</c>: asks a running app how it is, for people, for a container's health check and for monitoring.</summary>
internal static class HealthCommand
{
    private const int LongestWait = 3600;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        Option<string> url = new("--url")
        {
            Description = "The address of the app, without /api/health.",
            DefaultValueFactory = _ => "http://127.0.0.1:7071",
        };
        Option<bool> alive = new("--alive")
        {
            Description = "Asks only whether the app answers. For a supervisor that restarts what is not well: an alert that waits for staff is not mended by a restart.",
        };
        Option<int> wait = new("--wait")
        {
            Description = $"Seconds, at most {LongestWait}, to keep asking until the app is well (with --alive: until it answers). For scripts that have just started it.",
            HelpName = "seconds",
        };
        Command command = new("health", "Asks a running app whether it can do its work. Exit code 0 when all is well; else 1, and what is wrong on stderr.") { url, alive, wait };
        command.SetAction((parsed, cancellation) => CommandErrors.CatchAsync(async () =>
        {
            int seconds = parsed.GetValue(wait);
            if (seconds is < 0 or > LongestWait)
            {
                throw new CommandException($"--wait takes 0 to {LongestWait} seconds.");
            }

            using HealthQuestion question = new(ReadUrl(parsed.GetValue(url)!));
            return Tell(await AskAsync(question, parsed.GetValue(alive), TimeSpan.FromSeconds(seconds), cancellation), parsed.GetValue(alive));
        }));
        return command;
    }

    private static async Task<HealthAnswer> AskAsync(HealthQuestion question, bool alive, TimeSpan patience, CancellationToken cancellation)
    {
        // The host of the app has a clock that may be simulated; who waits for it does so in real time.
        TimeProvider clock = TimeProvider.System;
        long began = clock.GetTimestamp();
        while (true)
        {
            HealthAnswer answer = await question.AskAsync(cancellation);
            if (IsGood(answer, alive) || clock.GetElapsedTime(began) + s_pause > patience)
            {
                return answer;
            }

            await Task.Delay(s_pause, clock, cancellation);
        }
    }

    private static int Tell(HealthAnswer answer, bool alive)
    {
        if (!IsGood(answer, alive))
        {
            foreach (string problem in answer.Problems)
            {
                Console.Error.WriteLine(answer.Answered ? $"Unhealthy: {problem}." : $"{problem}.");
            }

            return 1;
        }

        Console.WriteLine(answer.IsHealthy ? "Healthy." : $"Alive, and unhealthy: {string.Join("; ", answer.Problems)}.");
        return 0;
    }

    private static bool IsGood(HealthAnswer answer, bool alive) => alive ? answer.Answered : answer.IsHealthy;

    private static Uri ReadUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.UserInfo.Length == 0
            ? url
            : throw new CommandException("--url takes an address such as https://clinic.example.");
}
