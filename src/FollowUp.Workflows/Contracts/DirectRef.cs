using FollowUp.Data.Direct;

namespace FollowUp.Workflows.Contracts;

/// <summary>Which text outside of a plan: the whole input of its orchestration.</summary>
public sealed record DirectRef(string Clinic, string Id)
{
    public static DirectRef Of(DirectMessageKey key) => new(key.Clinic, key.Id);

    internal DirectMessageKey Key => new(Clinic, Id);
}
