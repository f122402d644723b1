using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Clinics;
using FollowUp.Data.Inbox;
using FollowUp.Data.Sessions;
using FollowUp.Data.Sessions.Commands;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine;
using FollowUp.Sms;
using FollowUp.Testing;
using FollowUp.Workflows.Alerts;
using FollowUp.Workflows.Bulk;
using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Direct;
using FollowUp.Workflows.Imports;
using FollowUp.Workflows.Running;
using FollowUp.Workflows.Sending;
using FollowUp.Workflows.Webhooks;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace FollowUp.Workflows.Tests;

/// <summary>
/// The real store, orchestrator, activities and engine on files of their own, on a clock that jumps to the next due work; only Twilio is played.
/// The clock stands still until the test lets it run.
/// </summary>
internal sealed class ClinicUnderTest : IAsyncDisposable
{
    public const string Sender = "+15005550006";

    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TemporaryDirectory _directory = new();
    private readonly ServiceProvider _services;
    private int _texts;
    private IDisposable? _hold;
    private DurableEngine _engine;

    private ClinicUnderTest(string twilioTimeout, IInterceptor? storeFaults)
    {
        Clock = new SimulatedClock(Some.BookingTime.ToDateTimeOffset(), double.PositiveInfinity);
        _hold = Clock.Hold();
        Twilio = new FakeTwilio(Clock);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FollowUp:DataDirectory"] = _directory.Path,
            ["FollowUp:PublicUrl"] = "https://followup.example",
            ["FollowUp:Clock:DaysPerSecond"] = "jump",
            ["Twilio:AccountSid"] = "AC00000000000000000000000000000000",
            ["Twilio:AuthToken"] = "token",
            ["Twilio:From"] = Sender,
            ["Twilio:BaseAddress"] = "http://127.0.0.1:1/",

            // The grace before settling is real time, in proportion to this.
            ["Twilio:Timeout"] = twilioTimeout,
        }).Build();
        var services = new ServiceCollection();
        if (storeFaults is not null)
        {
            services.AddSingleton(storeFaults);
        }

        _services = services
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<ISmsGateway>(Twilio)
            .AddFollowUpWorkflows(configuration)
            .AddTransient<SessionActivities>()
            .AddTransient<DirectActivities>()
            .AddTransient<AlertActivities>()
            .AddTransient<WebhookActivities>()
            .AddTransient<BulkActivities>()
            .AddTransient<ImportActivities>()
            .BuildServiceProvider();
        _engine = NewEngine();
    }

    public SimulatedClock Clock { get; }

    public FakeTwilio Twilio { get; }

    public SessionStore Sessions => Get<SessionStore>();

    public InboundStore Inbound => Get<InboundStore>();

    public SessionOrchestrations Orchestrations => Get<SessionOrchestrations>();

    public SessionSweep Sweep => Get<SessionSweep>();

    public DurableTaskClient Client => _engine.Client;

    /// <summary>The engine's file, with the histories in it.</summary>
    public string EngineFile => _directory.File("engine.db");

    /// <summary>Called when an activity begins, with its name and its input.</summary>
    public Action<string, string> OnActivity { get; set; } = (_, _) => { };

    public static async Task<ClinicUnderTest> OpenAsync(
        string twilioTimeout = "00:00:00.600", IInterceptor? storeFaults = null)
    {
        var clinic = new ClinicUnderTest(twilioTimeout, storeFaults);
        await clinic._engine.StartAsync(None);
        await clinic.Get<ClinicStore>().PutAsync(Some.Clinic, "test", None);
        return clinic;
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Books as the API does: store first, then the orchestrations.</summary>
    public async Task<BookingResult> BookAsync(Booking booking)
    {
        var result = await Sessions.BookAsync(booking, "test", None);
        await Orchestrations.NotifyAsync(Client, result.Affected, "booking", None);
        return result;
    }

    public async Task ReportAsync(SessionOutcome outcome, SessionKey? key = null)
    {
        var result = await Sessions.ReportOutcomeAsync(key ?? Some.Session, outcome, null, "test", None);
        await Orchestrations.NotifyAsync(Client, result.Affected, "event", None);
    }

    /// <summary>Staff give a command, as the API takes it.</summary>
    public async Task<CommandResult> OrderAsync(SessionCommandKind kind, string? step = null, SessionKey? key = null)
    {
        var result = await Get<SessionCommandStore>().RunAsync(key ?? Some.Session, new SessionCommand(kind) { Step = step }, "nurse", None);
        await Orchestrations.NotifyAsync(Client, result.Affected, "command", None);
        return result;
    }

    /// <summary>One column straight from the file.</summary>
    public IReadOnlyList<string> Column(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.File("followup.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        List<string> values = [];
        while (reader.Read())
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }

    /// <summary>Somebody else writes into the store until the answer is disposed: whoever wants to write waits.</summary>
    public IDisposable BlockWriters()
    {
        // Of a pooled connection the transaction would stay open.
        var connection = new SqliteConnection($"Data Source={_directory.File("followup.db")};Pooling=False");
        connection.Open();
        using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
        return connection;
    }

    /// <summary>The sender's queue is empty.</summary>
    public void ResetPace()
    {
        using var connection = new SqliteConnection($"Data Source={_directory.File("followup.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE senders SET next_slot_at = NULL";
        command.ExecuteNonQuery();
    }

    /// <summary>A text comes in, as the webhook takes it.</summary>
    public async Task ReceiveAsync(string body, string? from = null, string? sid = null)
    {
        var text = new ReceivedText(sid ?? $"SM-in-{Interlocked.Increment(ref _texts)}", from ?? Some.Patient.Phone, Sender, body);
        ReceivedNews news;
        using (Get<IncomingTexts>().Begin(text.From))
        {
            news = await Inbound.ReceiveAsync(text, None);
        }

        await Orchestrations.NotifyAsync(Client, news.Changed, "reply", None);
        await Get<SideOrchestrations>().StartTextsAsync(Client, news.Answers, None);
        foreach (var clinic in news.Concerned)
        {
            await Get<AlertNotifier>().NotifyAsync(Client, clinic, None);
        }
    }

    public void LetTheClockRun()
    {
        _hold?.Dispose();
        _hold = null;
    }

    /// <summary>The clock stands still again, by a hold that the test has taken.</summary>
    public void HoldAgain(IDisposable hold) => _hold = hold;

    /// <summary>The clock jumps to a moment that is due because the test waits for it, and stands still again.</summary>
    public async Task AfterAsync(Duration time)
    {
        var arrived = new TaskCompletionSource<IDisposable>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = Clock.CreateTimer(_ => arrived.SetResult(Clock.Hold()), null, time.ToTimeSpan(), Timeout.InfiniteTimeSpan);
        LetTheClockRun();
        HoldAgain(await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    /// <summary>Lets time pass until the session's orchestration has ended.</summary>
    public async Task<OrchestrationMetadata> PlayAsync(SessionKey? key = null)
    {
        LetTheClockRun();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await Client.WaitForInstanceCompletionAsync((key ?? Some.Session).InstanceId, getInputsAndOutputs: true, patience.Token);
    }

    /// <summary>Another process takes over the files of this one, whose work is dropped where it stands.</summary>
    public async Task RestartEngineAsync()
    {
        // A host's clock stands until the engine knows what is due.
        using var hold = Clock.Hold();
        await _engine.DisposeAsync();
        _engine = NewEngine();
        await _engine.StartAsync(None);
    }

    public async Task<SessionView> ViewAsync(SessionKey? key = null) => (await Sessions.FindAsync(key ?? Some.Session, None))!;

    public async Task<StepView> StepAsync(string step, SessionKey? key = null) =>
        (await ViewAsync(key)).Timeline.Single(row => row.Step == step);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
        _hold?.Dispose();
        Clock.Dispose();
        _directory.Dispose();
    }

    private DurableEngine NewEngine()
    {
        var registry = new TaskRegistry();
        Add(SessionFollowUp.Name, SessionFollowUp.RunAsync);
        Add(DirectMessage.Name, DirectMessage.RunAsync);
        Add(StaffAlerts.Name, StaffAlerts.RunAsync);
        Add(WebhookDelivery.Name, WebhookDelivery.RunAsync);
        Add(EventFeed.Name, EventFeed.RunAsync);
        Add(BulkCommand.Name, BulkCommand.RunAsync);
        Add(ImportBookings.Name, ImportBookings.RunAsync);
        AddActivity<SessionRef, NextStep>(nameof(SessionActivities.PlanSession), input => Get<SessionActivities>().PlanSession(input, Client, None));
        AddActivity<StepRef, NextStep>(nameof(SessionActivities.SendMessage), input => Get<SessionActivities>().SendMessage(input, Client, None));
        AddActivity<StepRef, NextStep>(nameof(SessionActivities.SettleMessage), input => Get<SessionActivities>().SettleMessage(input, Client, None));
        AddActivity<DirectRef, NextStep>(nameof(DirectActivities.SendDirectMessage), input => Get<DirectActivities>().SendDirectMessage(input, Client, None));
        AddActivity<DirectRef, NextStep>(nameof(DirectActivities.SettleDirectMessage), input => Get<DirectActivities>().SettleDirectMessage(input, Client, None));
        AddActivity<ClinicRef, NextLook>(nameof(AlertActivities.TellStaff), input => Get<AlertActivities>().TellStaff(input, Client, None));
        AddActivity<PostRef, NextLook>(nameof(WebhookActivities.PostEvent), input => Get<WebhookActivities>().PostEvent(input, None));
        AddActivity<FeedRef, FeedNext>(nameof(WebhookActivities.PostEvents), input => Get<WebhookActivities>().PostEvents(input, None));
        AddActivity<BulkRef, BulkProgress>(nameof(BulkActivities.RunBulkBatch), input => Get<BulkActivities>().RunBulkBatch(input, Client, None));
        AddActivity<ImportRef, ImportCounts>(nameof(ImportActivities.BookImportLines), input => Get<ImportActivities>().BookImportLines(input, Client, None));
        var options = new EngineOptions { Path = EngineFile, DefaultVersion = RecordedHistories.Version, StopTimeout = TimeSpan.FromMilliseconds(100) };
        return new DurableEngine(options, registry, Clock, NullLoggerFactory.Instance);

        void Add(string name, Func<TaskOrchestrationContext, Task> run) => registry.AddOrchestrator(name, async context =>
        {
            await run(context);
            return null;
        });

        void AddActivity<TInput, TOutput>(string name, Func<TInput, Task<TOutput>> run) => registry.AddActivity<TInput, TOutput>(name, (_, input) =>
        {
            OnActivity(name, $"{input}");
            return run(input);
        });
    }
}
