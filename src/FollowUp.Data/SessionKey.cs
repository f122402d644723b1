namespace FollowUp.Data;

/// <summary>A session's identity: ids are unique within a clinic.</summary>
public readonly record struct SessionKey(string Clinic, string Session)
{
    /// <summary>The id of the session's orchestration. Ids never hold a colon, so the two parts never run into each other.</summary>
    public string InstanceId => InstanceIds.Fit($"{Clinic}:{Session}");

    public override string ToString() => $"{Clinic}:{Session}";
}

/// <summary>A session that a change has concerned. Its orchestration must look again, once the change is committed.</summary>
/// <param name="State">Its state now; <see cref="SessionState.Scheduled"/> if an orchestration must be started for it.</param>
public sealed record ChangedSession(SessionKey Key, SessionState State);
