using FollowUp.Data;

namespace FollowUp.Workflows.Contracts;

/// <summary>Which step of which session: the input of the activities that send.</summary>
public sealed record StepRef(string Clinic, string Session, string Step)
{
    internal SessionKey Key => new(Clinic, Session);
}
