namespace FollowUp.Data.Planning;

/// <summary>What this installation allows to be sent.</summary>
/// <param name="UnapprovedPlans">
/// Whether texts of a plan that no clinician has approved may leave. Only a Twilio on this machine (the emulator) gets those.
/// </param>
public sealed record SendRules(bool UnapprovedPlans);
