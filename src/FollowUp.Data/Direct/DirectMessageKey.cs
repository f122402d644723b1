namespace FollowUp.Data.Direct;

/// <summary>Identity of a text outside of a plan: ids are unique within a clinic, and made of what an identifier is made of.</summary>
public readonly record struct DirectMessageKey(string Clinic, string Id)
{
    /// <summary>The id of its orchestration. No session's is like it: a session's id begins with a letter or digit.</summary>
    public string InstanceId => InstanceIds.Fit($"{Clinic}:.direct:{Id}");

    public override string ToString() => InstanceId;
}
