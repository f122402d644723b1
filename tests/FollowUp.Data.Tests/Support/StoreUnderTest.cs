using System.Data.Common;
using FollowUp.Core.CarePlans;
using FollowUp.Data;
using FollowUp.Data.Alerts;
using FollowUp.Data.Clinics;
using FollowUp.Data.Delivery;
using FollowUp.Data.Direct;
using FollowUp.Data.Health;
using FollowUp.Data.Inbox;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Data.Plans;
using FollowUp.Data.Senders;
using FollowUp.Data.Sessions;
using FollowUp.Data.Sessions.Commands;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Testing;

/// <summary>The real stores on a database of their own, with a clock that the test moves.</summary>
public sealed class StoreUnderTest : IDisposable
{
    /// <summary>What clinics without a sender of their own send from.</summary>
    public const string Sender = "+15005550006";

    private static readonly CancellationToken None = CancellationToken.None;
    private int _texts;
    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;

    /// <param name="rules">Changes what the installation allows.</param>
    /// <param name="interceptor">Sees what goes to the database.</param>
    /// <param name="services">Adds services before the stores, which take these.</param>
    public StoreUnderTest(
        bool unapprovedPlans = true, CarePlanCatalogue? plans = null, TemporaryDirectory? directory = null, Func<SendRules, SendRules>? rules = null,
        IInterceptor? interceptor = null, Action<IServiceCollection>? services = null)
    {
        _database = new TestDatabase(directory ?? new TemporaryDirectory());
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(_database.Settings).Build();
        var collection = new ServiceCollection();
        if (interceptor is not null)
        {
            collection.AddSingleton(interceptor);
        }

        services?.Invoke(collection);
        _services = collection
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton((rules ?? (given => given))(
                new SendRules(unapprovedPlans) { DefaultSender = Sender, ClinicsWithoutAlerts = true, MessagesPerSecond = double.PositiveInfinity }))
            .AddSingleton(plans ?? CarePlanCatalogue.BuiltIn)
            .AddFollowUpData(configuration)
            .BuildServiceProvider();
    }

    public StoppedClock Clock { get; } = new(Some.BookingTime);

    public ClinicStore Clinics => _services.GetRequiredService<ClinicStore>();

    public SenderStore Senders => _services.GetRequiredService<SenderStore>();

    public SessionStore Sessions => _services.GetRequiredService<SessionStore>();

    public CarePlanStore Plans => _services.GetRequiredService<CarePlanStore>();

    public SessionCommandStore Commands => _services.GetRequiredService<SessionCommandStore>();

    public LedgerStore Ledger => _services.GetRequiredService<LedgerStore>();

    public DeliveryStore Delivery => _services.GetRequiredService<DeliveryStore>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public InboundStore Inbound => _services.GetRequiredService<InboundStore>();

    public AttentionStore Attention => _services.GetRequiredService<AttentionStore>();

    /// <summary>A store with the clinic and one booked session.</summary>
    public static async Task<StoreUnderTest> WithBookingAsync(Booking? booking = null)
    {
        var store = new StoreUnderTest();
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.BookAsync(booking ?? Some.Booking);
        return store;
    }

    public Task<BookingResult> BookAsync(Booking booking) => Sessions.BookAsync(booking, "test", None);

    public async Task<SessionView> ViewAsync(SessionKey? key = null) => (await Sessions.FindAsync(key ?? Some.Session, None))!;

    public async Task<StepView> StepAsync(string step, SessionKey? key = null) =>
        (await ViewAsync(key)).Timeline.Single(row => row.Step == step);

    /// <summary>Staff give a command.</summary>
    public Task<CommandResult> OrderAsync(SessionCommandKind kind, string? step = null, SessionKey? key = null) =>
        Commands.RunAsync(key ?? Some.Session, new SessionCommand(kind) { Step = step }, "nurse", None);

    /// <summary>Moves the clock to a step's due time and claims it.</summary>
    public async Task<ClaimedText> ClaimAsync(string step)
    {
        Clock.Now = (await StepAsync(step)).DueAt;
        return (await Ledger.ClaimAsync(Some.Session, step, NodaTime.Duration.FromSeconds(30), None)).Text!;
    }

    /// <summary>A text comes in.</summary>
    public Task<ReceivedNews> ReceiveAsync(string body, string? from = null, string? to = null, string? sid = null) => Inbound.ReceiveAsync(
        new ReceivedText(sid ?? $"SM-in-{++_texts}", from ?? Some.Patient.Phone, to ?? Sender, body), None);

    /// <summary>Staff of a clinic are told what there is to tell now, and their texts leave.</summary>
    /// <returns>Who was texted.</returns>
    public async Task<IReadOnlyList<ClaimedText>> TellStaffAsync(string clinic = "glow")
    {
        var notice = await Get<AlertStore>().TellAsync(clinic, null, None);
        List<ClaimedText> texts = [];
        foreach (var key in notice.Texts)
        {
            if (await SendAsync(key) is { } text)
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    /// <summary>Sends a text outside of a plan, with an outcome, as the worker does.</summary>
    /// <returns>Null when it may not leave.</returns>
    public async Task<ClaimedText?> SendAsync(DirectMessageKey key, SendRecord? outcome = null)
    {
        var message = Get<DirectMessageStore>().Message(key);
        if ((await message.ClaimAsync(NodaTime.Duration.FromSeconds(30), None)).Text is not { } text)
        {
            return null;
        }

        await message.RecordAsync(text.Attempt, outcome ?? new SendRecord.Sent($"SM-{key.Clinic}-{key.Id}"), None);
        return text;
    }

    /// <summary>A clinic's alerts, the oldest first.</summary>
    public async Task<IReadOnlyList<AlertView>> AlertsAsync(string clinic = "glow", bool open = false) =>
        [.. (await Get<AlertStore>().ListAsync(clinic, open, null, 1000, None)).Reverse()];

    public Task<IReadOnlyList<InboxMessage>> InboxAsync(string clinic = "glow", bool unread = false) =>
        Get<InboxStore>().ListAsync(clinic, unread, null, 100, None);

    public DbConnection OpenDatabase() => _database.Open();

    /// <summary>One value straight from the database; whole numbers as <see cref="long"/>.</summary>
    public object? Scalar(string sql)
    {
        using var connection = OpenDatabase();
        return connection.Scalar(sql);
    }

    /// <summary>Statements straight to the database.</summary>
    public void Run(string sql) => Scalar(sql);

    /// <summary>All rows of a query, each as one text; whole numbers as <see cref="long"/>.</summary>
    public IReadOnlyList<string> Rows(string sql)
    {
        using var connection = OpenDatabase();
        using var command = connection.Command(sql);
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch
            {
                DBNull => "null",
                int number => $"Int64 {number}",
                var value => $"{value.GetType().Name} {value}",
            })));
        }

        return rows;
    }

    public void Dispose()
    {
        _services.Dispose();
        _database.Dispose();
    }
}
