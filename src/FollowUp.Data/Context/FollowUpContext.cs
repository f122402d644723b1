using System.Text.Json;
using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using FollowUp.Data.Bulk;
using FollowUp.Data.Imports;
using FollowUp.Data.Inbox;
using FollowUp.Data.Moves;
using FollowUp.Data.Rows;
using FollowUp.Data.Staff;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using NodaTime;

namespace FollowUp.Data.Context;

/// <summary>The tables as Entity Framework sees them. The schema itself is made by the numbered scripts, never by this model.</summary>
internal sealed class FollowUpContext(DbContextOptions<FollowUpContext> options) : DbContext(options)
{
    public DbSet<ClinicRow> Clinics => Set<ClinicRow>();
    public DbSet<PatientRow> Patients => Set<PatientRow>();
    public DbSet<ConsentRow> Consents => Set<ConsentRow>();
    public DbSet<SessionRow> Sessions => Set<SessionRow>();
    public DbSet<StepRow> Steps => Set<StepRow>();
    public DbSet<DeliveryReportRow> DeliveryReports => Set<DeliveryReportRow>();
    public DbSet<InboundMessageRow> InboundMessages => Set<InboundMessageRow>();
    public DbSet<InboundCopyRow> InboundCopies => Set<InboundCopyRow>();
    public DbSet<PlanVersionRow> PlanVersions => Set<PlanVersionRow>();
    public DbSet<PlanApprovalRow> PlanApprovals => Set<PlanApprovalRow>();
    public DbSet<AuditRow> Audit => Set<AuditRow>();
    public DbSet<InstallationRow> Installation => Set<InstallationRow>();
    public DbSet<NumberMarkRow> NumberMarks => Set<NumberMarkRow>();
    public DbSet<SenderRow> Senders => Set<SenderRow>();
    public DbSet<EarlierMessageRow> EarlierMessages => Set<EarlierMessageRow>();
    public DbSet<DirectMessageRow> DirectMessages => Set<DirectMessageRow>();
    public DbSet<AlertRow> Alerts => Set<AlertRow>();
    public DbSet<WebhookPostRow> WebhookPosts => Set<WebhookPostRow>();
    public DbSet<ErasureRow> Erasures => Set<ErasureRow>();
    public DbSet<BulkCommandRow> BulkCommands => Set<BulkCommandRow>();
    public DbSet<BulkCommandItemRow> BulkCommandItems => Set<BulkCommandItemRow>();
    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();
    public DbSet<WebhookFeedRow> WebhookFeeds => Set<WebhookFeedRow>();
    public DbSet<WebhookEventRow> WebhookEvents => Set<WebhookEventRow>();
    public DbSet<ImportRow> Imports => Set<ImportRow>();
    public DbSet<ImportLineRow> ImportLines => Set<ImportLineRow>();
    public DbSet<DashboardUserRow> DashboardUsers => Set<DashboardUserRow>();
    public DbSet<DashboardSessionRow> DashboardSessions => Set<DashboardSessionRow>();
    public DbSet<SignInFailureRow> SignInFailures => Set<SignInFailureRow>();
    public DbSet<MoveRow> Moves => Set<MoveRow>();
    public DbSet<DataProtectionKeyRow> DataProtectionKeys => Set<DataProtectionKeyRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Instant>().HaveConversion<InstantConverter>();
        configurationBuilder.Properties<LocalTime>().HaveConversion<TimeOfDayConverter>();
        if (Database.IsNpgsql())
        {
            // 0 or 1, as SQLite has it: one query text serves both.
            configurationBuilder.Properties<bool>().HaveConversion<BoolToZeroOneConverter<int>>();
        }

        configurationBuilder.Properties<List<string>>().HaveConversion<TextListConverter, TextListComparer>();
        Spelled<SessionState>();
        Spelled<StepState>();
        Spelled<SessionOutcome>();
        Spelled<StepKind>();
        Spelled<AskedFor>();
        Spelled<Completion>();
        Spelled<ConsentKind>();
        Spelled<ConsentSource>();
        Spelled<InboundMeaning>();
        Spelled<NumberMark>();
        Spelled<DirectMessageKind>();
        Spelled<AlertKind>();
        Spelled<WebhookPostState>();
        Spelled<BulkState>();
        Spelled<BulkOutcome>();
        Spelled<ImportState>();
        Spelled<ImportLineState>();
        Spelled<ImportRefusal>();
        Spelled<StaffRole>();
        Spelled<MoveKind>();

        void Spelled<T>() where T : struct, Enum => configurationBuilder.Properties<T>().HaveConversion<EnumConverter<T>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ClinicRow>().ToTable("clinics").HasKey(row => row.Id);
        modelBuilder.Entity<PatientRow>().ToTable("patients").HasKey(row => new { row.ClinicId, row.Id });
        modelBuilder.Entity<ConsentRow>().ToTable("consents").HasKey(row => row.Id);
        modelBuilder.Entity<SessionRow>().ToTable("sessions").HasKey(row => new { row.ClinicId, row.Id });
        modelBuilder.Entity<SessionRow>().Ignore(row => row.Key);
        modelBuilder.Entity<StepRow>().ToTable("steps").HasKey(row => new { row.ClinicId, row.SessionId, row.Step });
        modelBuilder.Entity<StepRow>().Ignore(row => row.Session).Ignore(row => row.HasLeft).Ignore(row => row.LeftAt);
        modelBuilder.Entity<DeliveryReportRow>().ToTable("delivery_reports").HasKey(row => new { row.MessageSid, row.Status });
        modelBuilder.Entity<InboundMessageRow>().ToTable("inbound_messages").HasKey(row => row.MessageSid);
        modelBuilder.Entity<InboundCopyRow>().ToTable("inbound_copies").HasKey(row => new { row.ClinicId, row.MessageSid });
        modelBuilder.Entity<PlanVersionRow>().ToTable("plan_versions").HasKey(row => new { row.ClinicId, row.PlanId, row.Version });
        modelBuilder.Entity<PlanApprovalRow>().ToTable("plan_approvals").HasKey(row => new { row.ClinicId, row.PlanId, row.Version });
        modelBuilder.Entity<AuditRow>().ToTable("audit").HasKey(row => row.Id);
        modelBuilder.Entity<InstallationRow>().ToTable("installation").HasKey(row => row.Name);
        modelBuilder.Entity<NumberMarkRow>().ToTable("number_marks").HasKey(row => new { row.NumberKey, row.Sender, row.Mark });
        modelBuilder.Entity<SenderRow>().ToTable("senders").HasKey(row => row.Sender);
        modelBuilder.Entity<EarlierMessageRow>().ToTable("earlier_messages").HasKey(row => row.MessageSid);
        modelBuilder.Entity<DirectMessageRow>().ToTable("direct_messages").HasKey(row => new { row.ClinicId, row.Id });
        modelBuilder.Entity<AlertRow>().ToTable("alerts").HasKey(row => row.Id);
        modelBuilder.Entity<WebhookPostRow>().ToTable("webhook_posts").HasKey(row => row.Id);
        modelBuilder.Entity<WebhookFeedRow>().ToTable("webhook_feeds").HasKey(row => new { row.ClinicId, row.Id });
        modelBuilder.Entity<WebhookEventRow>().ToTable("webhook_events").HasKey(row => new { row.ClinicId, row.FeedId, row.Sequence });
        modelBuilder.Entity<ErasureRow>().ToTable("erasures").HasKey(row => row.Id);
        modelBuilder.Entity<BulkCommandRow>().ToTable("bulk_commands").HasKey(row => new { row.ClinicId, row.Id });
        modelBuilder.Entity<BulkCommandItemRow>().ToTable("bulk_command_items").HasKey(row => new { row.ClinicId, row.BulkId, row.Number });
        modelBuilder.Entity<ApiKeyRow>().ToTable("api_keys").HasKey(row => row.Id);
        modelBuilder.Entity<ImportRow>().ToTable("imports").HasKey(row => new { row.ClinicId, row.Id });
        modelBuilder.Entity<ImportRow>().Ignore(row => row.Done);
        modelBuilder.Entity<ImportLineRow>().ToTable("import_lines").HasKey(row => new { row.ClinicId, row.ImportId, row.Line });
        modelBuilder.Entity<MoveRow>().ToTable("moves").HasKey(row => new { row.Id, row.Kind });
        modelBuilder.Entity<DashboardUserRow>().ToTable("dashboard_users").HasKey(row => row.Name);
        modelBuilder.Entity<DashboardSessionRow>().ToTable("dashboard_sessions").HasKey(row => row.KeyHash);
        modelBuilder.Entity<SignInFailureRow>().ToTable("sign_in_failures").HasKey(row => row.Subject);
        modelBuilder.Entity<DataProtectionKeyRow>().ToTable("data_protection_keys").HasKey(row => row.Id);

        // The schema has these keys; the model must know them too, or it inserts in the wrong order.
        modelBuilder.Entity<ApiKeyRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);
        modelBuilder.Entity<PatientRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);
        modelBuilder.Entity<ConsentRow>().HasOne<PatientRow>().WithMany().HasForeignKey(row => new { row.ClinicId, row.PatientId });
        modelBuilder.Entity<SessionRow>().HasOne<PatientRow>().WithMany().HasForeignKey(row => new { row.ClinicId, row.PatientId });
        modelBuilder.Entity<InboundCopyRow>().HasOne<InboundMessageRow>().WithMany().HasForeignKey(row => row.MessageSid);
        modelBuilder.Entity<PlanVersionRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);
        modelBuilder.Entity<PlanApprovalRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);
        modelBuilder.Entity<EarlierMessageRow>().HasOne<StepRow>().WithMany().HasForeignKey(row => new { row.ClinicId, row.SessionId, row.Step });
        modelBuilder.Entity<StepRow>().HasOne<SessionRow>().WithMany().HasForeignKey(row => new { row.ClinicId, row.SessionId });
        modelBuilder.Entity<WebhookFeedRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);
        modelBuilder.Entity<WebhookEventRow>().HasOne<WebhookFeedRow>().WithMany().HasForeignKey(row => new { row.ClinicId, row.FeedId });
        modelBuilder.Entity<ImportRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);
        modelBuilder.Entity<ImportLineRow>().HasOne<ImportRow>().WithMany().HasForeignKey(row => new { row.ClinicId, row.ImportId });

        // An import fills the tables in the order of these.
        modelBuilder.Entity<InboundCopyRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);
        modelBuilder.Entity<DirectMessageRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);
        modelBuilder.Entity<AlertRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);
        modelBuilder.Entity<WebhookPostRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);
        modelBuilder.Entity<BulkCommandRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);
        modelBuilder.Entity<BulkCommandItemRow>().HasOne<BulkCommandRow>().WithMany().HasForeignKey(row => new { row.ClinicId, row.BulkId });
        modelBuilder.Entity<DashboardUserRow>().HasOne<ClinicRow>().WithMany().HasForeignKey(row => row.ClinicId);

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }

    private sealed class InstantConverter() : ValueConverter<Instant, string>(
        instant => StoreText.Instant.Format(instant), text => StoreText.Instant.Parse(text).Value);

    private sealed class TimeOfDayConverter() : ValueConverter<LocalTime, string>(
        time => StoreText.TimeOfDay.Format(time), text => StoreText.TimeOfDay.Parse(text).Value);

    private sealed class EnumConverter<T>() : ValueConverter<T, string>(value => EnumText.Of(value), text => EnumText.Parse<T>(text))
        where T : struct, Enum;

    private sealed class TextListConverter() : ValueConverter<List<string>, string>(
        list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
        text => JsonSerializer.Deserialize<List<string>>(text, JsonSerializerOptions.Default) ?? new List<string>());

    private sealed class TextListComparer() : ValueComparer<List<string>>(
        (left, right) => left!.SequenceEqual(right!, StringComparer.Ordinal),
        list => list.Aggregate(0, (hash, item) => HashCode.Combine(hash, item)),
        list => list.ToList());
}
