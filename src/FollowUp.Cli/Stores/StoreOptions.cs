using System.CommandLine;

namespace FollowUp.Cli.Stores;

/// <summary>The options that say which store a command works on.</summary>
internal sealed class StoreOptions
{
    private const string DataText = "The data directory (setting FollowUp:DataDirectory). Default: .followup in the working directory.";

    private readonly Option<DirectoryInfo?> _data = new("--data") { Description = DataText };

    private readonly Option<string?> _provider = new("--provider")
    {
        Description = "The kind of database: Sqlite or PostgreSql (setting Database:Provider). Default: Sqlite, in the data directory.",
    };

    private readonly Option<string?> _connection = new("--connection")
    {
        Description = "Where the database is (setting Database:ConnectionString). With a password in it, set the environment variable Database__ConnectionString instead: other users of the machine see command lines.",
    };

    /// <summary>For commands that work beside a running app.</summary>
    public static Option<DirectoryInfo?> DataBesideApp() => new("--data") { Description = $"{DataText} The app may be running on it." };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_provider);
        command.Options.Add(_connection);
    }

    public StoreAccess Open(ParseResult parsed, bool mustExist = true) => StoreAccess.Open(parsed.GetValue(_data), mustExist, Settings(parsed));

    public DirectoryInfo? Data(ParseResult parsed) => parsed.GetValue(_data);

    public IReadOnlyList<string> Settings(ParseResult parsed)
    {
        List<string> settings = [];
        Add("Database:Provider", parsed.GetValue(_provider));
        Add("Database:ConnectionString", parsed.GetValue(_connection));
        return settings;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                settings.AddRange([$"--{name}", value]);
            }
        }
    }
}
