using FollowUp.Core.Sending;
using FollowUp.Data.Rows;

namespace FollowUp.Data.Planning;

/// <summary>What this installation allows to be sent.</summary>
/// <param name="UnapprovedPlans">
/// Whether texts of a plan that no clinician has approved may leave. Only a Twilio on this machine (the emulator) gets those.
/// </param>
public sealed record SendRules(bool UnapprovedPlans)
{
    /// <summary>Whether texts may leave for a clinic that has named nobody to alert. Only a Twilio on this machine gets those.</summary>
    public bool ClinicsWithoutAlerts { get; init; } = UnapprovedPlans;

    /// <summary>What clinics without a sender of their own send from: a number or the SID of a messaging service.</summary>
    public string DefaultSender { get; init; } = "";

    /// <summary>Whether a STOP counts for every sender of the installation, and not only for the one that it was sent to.</summary>
    public bool StopCountsForAllSenders { get; init; }

    /// <summary>Messages a second from each sender; null for what is usual for its kind, see <see cref="SenderPace"/>.</summary>
    public double? MessagesPerSecond { get; init; }

    internal double MessagesPerSecondOf(string sender) => MessagesPerSecond ?? SenderPace.Of(sender);

    /// <summary>Which sender a STOP counts for: the one that it was sent to, or all.</summary>
    /// <param name="sender">Null when it is not known which of ours it was sent to.</param>
    internal string ScopeOfStop(string? sender) => StopCountsForAllSenders || sender is null ? NumberMarkRow.EverySender : sender;

    /// <summary>What a clinic's texts are sent from.</summary>
    internal string SenderOf(ClinicRow clinic) => clinic.Sender ?? DefaultSender;
}
