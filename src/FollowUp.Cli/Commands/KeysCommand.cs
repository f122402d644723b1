using System.CommandLine;
using System.Globalization;
using FollowUp.Cli.Keys;
using FollowUp.Cli.Stores;
using FollowUp.Data.Keys;
using NodaTime;

namespace FollowUp.Cli.Commands;

/// <summary><c>keys</c>: the keys to the API besides the root key, listed, made and ended in a data directory.</summary>
internal static class KeysCommand
{
    private const int PageSize = 200;

    private static readonly string[] s_moments = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    public static Command Create()
    {
        Option<DirectoryInfo?> data = StoreOptions.DataBesideApp();
        data.Recursive = true;
        return new Command("keys", "Lists, makes and ends the keys to the HTTP API besides the root key.") { data, List(data), Add(data), End(data) };
    }

    private static Command List(Option<DirectoryInfo?> data)
    {
        Command command = new("list", "Lists all keys, newest first, those too that open nothing any more. The keys themselves are not known here.");
        command.SetAction((parsed, cancellation) => CommandErrors.CatchAsync(async () =>
        {
            await using KeyStore store = KeyStore.Open(parsed.GetValue(data));
            List<ApiKey> keys = [];
            IReadOnlyList<ApiKey> page;
            do
            {
                page = await store.Keys.ListAsync(keys is [.., var last] ? (last.CreatedAt, last.Id) : null, PageSize, cancellation);
                keys.AddRange(page);
            }
            while (page.Count == PageSize);

            KeyScreen.Show(keys, Screen.Create());
            return 0;
        }));
        return command;
    }

    private static Command Add(Option<DirectoryInfo?> data)
    {
        Option<string> name = new("--name") { Description = "What the key is for, such as \"booking system\". The audit shows it.", Required = true };
        Option<string?> clinic = new("--clinic") { Description = "The one clinic that it opens. Default: all." };
        Option<bool> readOnly = new("--read-only") { Description = "It reads and changes nothing." };
        Option<string?> ends = new("--ends")
        {
            Description = "From when it opens nothing any more: a date, whose beginning in UTC is meant, or a moment such as 2027-06-01T18:00+02:00. Default: never.",
        };
        Command command = new("add", "Makes a key and writes it to stdout. It is shown this once: only its hash is kept.") { name, clinic, readOnly, ends };
        command.SetAction((parsed, cancellation) => CommandErrors.CatchAsync(async () =>
        {
            string called = parsed.GetValue(name)!;
            if (string.IsNullOrWhiteSpace(called) || called.Length > NewApiKey.LongestName || called.Any(char.IsControl))
            {
                throw new CommandException($"--name takes 1 to {NewApiKey.LongestName} characters, none of them a control character.");
            }

            await using KeyStore store = KeyStore.Open(parsed.GetValue(data));
            NewApiKey wanted = new()
            {
                Name = called,
                Clinic = parsed.GetValue(clinic),
                ReadOnly = parsed.GetValue(readOnly),
                EndsAt = parsed.GetValue(ends) is { } text ? ReadEnd(text, store.Clock.GetUtcNow()) : null,
            };
            MadeApiKey made = await store.Keys.AddAsync(wanted, Operator.Name, cancellation)
                ?? throw new CommandException($"There is no clinic '{wanted.Clinic}'. Create it first, with PUT /api/clinics/{wanted.Clinic}.");

            // The key alone goes to stdout, for scripts that put it where it is needed.
            await Console.Error.WriteLineAsync($"Made {KeyScreen.Describe(made.Key)}. Keep it safe: it is shown this once.");
            await Console.Out.WriteLineAsync(made.Secret);
            return 0;
        }));
        return command;
    }

    private static Command End(Option<DirectoryInfo?> data)
    {
        Argument<string> key = new("key") { Description = "The key's id, as `followup keys list` shows it; not the key itself." };
        Command command = new("end", "Ends a key: it opens nothing from now on. It stays in the list.") { key };
        command.SetAction((parsed, cancellation) => CommandErrors.CatchAsync(async () =>
        {
            await using KeyStore store = KeyStore.Open(parsed.GetValue(data));
            string id = parsed.GetValue(key)!;
            ApiKey ended = await store.Keys.EndAsync(id, Operator.Name, cancellation)
                ?? throw new CommandException(
                    $"There is no key {(id.StartsWith("fu_", StringComparison.Ordinal) ? "of this id; give the id, not the key itself" : $"'{id}'")}. `followup keys list` shows the ids.");
            Console.WriteLine($"Ended {ended.Id} ({ended.Name}).");
            return 0;
        }));
        return command;
    }

    private static Instant ReadEnd(string text, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParseExact(text, s_moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end))
        {
            throw new CommandException("--ends takes a date such as 2027-06-01, or a moment such as 2027-06-01T18:00+02:00.");
        }

        return end > now
            ? Instant.FromDateTimeOffset(end)
            : throw new CommandException($"--ends must lie in the future; here it is {now.UtcDateTime:yyyy-MM-dd HH:mm}Z.");
    }
}
