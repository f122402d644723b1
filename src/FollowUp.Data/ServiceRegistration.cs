using FollowUp.Core.CarePlans;
using FollowUp.Data.Alerts;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Bulk;
using FollowUp.Data.Clinics;
using FollowUp.Data.Context;
using FollowUp.Data.Databases;
using FollowUp.Data.Delivery;
using FollowUp.Data.Direct;
using FollowUp.Data.Fhir;
using FollowUp.Data.Health;
using FollowUp.Data.Imports;
using FollowUp.Data.Inbox;
using FollowUp.Data.Keys;
using FollowUp.Data.Ledger;
using FollowUp.Data.Moves;
using FollowUp.Data.Overview;
using FollowUp.Data.Patients;
using FollowUp.Data.Planning;
using FollowUp.Data.Plans;
using FollowUp.Data.Schema;
using FollowUp.Data.Senders;
using FollowUp.Data.Sessions;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Data.Staff;
using FollowUp.Data.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NodaTime;

namespace FollowUp.Data;

public static class ServiceRegistration
{
    /// <summary>
    /// Adds the stores. The clock is the <see cref="TimeProvider"/> of the services, the plans are their <see cref="CarePlanCatalogue"/>, or the
    /// built-in one; <see cref="SendRules"/> must be among the services too. The schema is brought up to date before the first use.
    /// </summary>
    public static IServiceCollection AddFollowUpData(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        SQLitePCL.Batteries_V2.Init();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => CarePlanCatalogue.BuiltIn);
        services.TryAddSingleton<IClock>(provider => new TimeProviderClock(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(_ => DatabaseOptions.From(configuration));
        services.AddSingleton(provider => DatabaseKind.Of(provider.Get<DatabaseOptions>()));
        services.AddDbContextFactory<FollowUpContext>((provider, options) =>
            provider.Get<DatabaseKind>().Configure(options)
                .AddInterceptors([new EventCapture(provider.Get<IClock>()), .. provider.GetServices<IInterceptor>()])
                .EnableThreadSafetyChecks(false));
        services.AddSingleton(provider => new SchemaUpgrade(
            provider.GetRequiredService<IDbContextFactory<FollowUpContext>>(),
            provider.Get<DatabaseKind>(),
            SchemaScript.For(provider.Get<DatabaseOptions>().Provider),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Store>();
        services.AddSingleton<PlanVersions>();
        services.AddSingleton<SessionPlanner>();
        services.AddSingleton<PatientSessions>();
        services.AddSingleton<SenderGate>();
        services.AddSingleton<FailureConsequences>();
        services.AddSingleton<AttemptRecorder>();
        services.AddSingleton<SessionCommands>();
        services.AddSingleton<BulkPreviewer>();
        services.AddSingleton<BulkRunner>();
        services.AddHostedService<SchemaUpgradeAtStart>();
        services.AddHostedService<MovedStoreAtStart>();

        // The stores' constructors are internal, because what they are made of is.
        services.AddSingleton(p => new ClinicStore(
            p.Get<Store>(), p.Get<PatientSessions>(), p.Get<PlanVersions>(), p.Get<IClock>()));
        services.AddSingleton(p => new SenderStore(p.Get<Store>(), p.Get<PatientSessions>(), p.Get<SendRules>(), p.Get<IClock>()));
        services.AddSingleton(p => new CarePlanStore(
            p.Get<Store>(), p.Get<PlanVersions>(), p.Get<PatientSessions>(), p.Get<CarePlanCatalogue>(), p.Get<IClock>()));
        services.AddSingleton(p => new SessionCommandStore(p.Get<Store>(), p.Get<SessionCommands>(), p.Get<IClock>()));
        services.AddSingleton(p => new SessionStore(
            p.Get<Store>(), p.Get<PatientSessions>(), p.Get<PlanVersions>(), p.Get<SendRules>(), p.Get<IClock>()));
        services.AddSingleton(p => new SessionListStore(p.Get<Store>()));
        services.AddSingleton(p => new LedgerStore(
            p.Get<Store>(), p.Get<SessionPlanner>(), p.Get<AttemptRecorder>(), p.Get<SenderGate>(), p.Get<PlanVersions>(), p.Get<SendRules>(),
            p.Get<IClock>()));
        services.AddSingleton(p => new DirectMessageStore(
            p.Get<Store>(), p.Get<AttemptRecorder>(), p.Get<SenderGate>(), p.Get<SendRules>(), p.Get<IClock>()));
        services.AddSingleton(p => new DeliveryStore(
            p.Get<Store>(), p.Get<FailureConsequences>(), p.Get<PlanVersions>(), p.Get<SendRules>(), p.Get<IClock>()));
        services.AddSingleton(p => new InboundStore(p.Get<Store>(), p.Get<PatientSessions>(), p.Get<SendRules>(), p.Get<IClock>()));
        services.AddSingleton(p => new PatientStore(p.Get<Store>(), p.Get<PatientSessions>(), p.Get<SendRules>(), p.Get<IClock>()));
        services.AddSingleton(p => new PatientRecords(p.Get<Store>(), p.Get<SendRules>(), p.Get<IClock>()));
        services.AddSingleton(p => new PatientErasure(p.Get<Store>(), p.Get<SendRules>(), p.Get<IClock>()));
        services.AddSingleton(p => new InboxStore(p.Get<Store>(), p.Get<PatientSessions>(), p.Get<SendRules>(), p.Get<IClock>()));
        services.AddSingleton(p => new AlertStore(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new WebhookPostStore(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new WebhookFeedStore(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new BulkCommandStore(p.Get<Store>(), p.Get<BulkPreviewer>(), p.Get<BulkRunner>(), p.Get<IClock>()));
        services.AddSingleton(p => new AuditStore(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new ApiKeyStore(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new CourseStore(p.Get<Store>()));
        services.AddSingleton(p => new ImportStore(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new ImportBooker(p.Get<Store>(), p.Get<SessionStore>(), p.Get<IClock>()));
        services.AddSingleton(p => new ImportForecast(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new AttentionStore(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new DeliveryTroubleStore(p.Get<Store>(), p.Get<SendRules>(), p.Get<IClock>()));
        services.AddSingleton(p => new ClinicOverview(p.Get<Store>()));
        services.AddSingleton(p => new PatientDirectory(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new SessionOverview(p.Get<Store>()));
        services.AddSingleton(p => new SystemOverview(p.Get<Store>(), p.Get<SendRules>(), p.Get<IClock>()));
        services.AddSingleton(p => new StaffUserStore(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new SignInStore(p.Get<Store>()));
        services.AddSingleton(p => new MoveStore(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new RestoreStore(p.Get<Store>(), p.Get<IClock>()));
        services.AddSingleton(p => new StoreExport(p.Get<IDbContextFactory<FollowUpContext>>(), p.Get<SchemaUpgrade>(), p.Get<IClock>()));
        services.AddSingleton(p => new StoreImport(p.Get<IDbContextFactory<FollowUpContext>>(), p.Get<SchemaUpgrade>(), p.Get<IClock>()));
        services.AddSingleton(p => new DataProtectionKeyStore(p.Get<Store>()));
        return services;
    }

    private static T Get<T>(this IServiceProvider provider) where T : notnull => provider.GetRequiredService<T>();

    private sealed class TimeProviderClock(TimeProvider time) : IClock
    {
        public Instant GetCurrentInstant() => Instant.FromDateTimeOffset(time.GetUtcNow());
    }
}
