namespace FollowUp.Data;

/// <summary>A session's identity: ids are unique within a clinic.</summary>
public readonly record struct SessionKey(string Clinic, string Session)
{
    /// <summary>The id of the session's orchestration. Ids never hold a colon, so the two parts never run into each other.</summary>
    public string InstanceId => $"{Clinic}:{Session}";

    public override string ToString() => InstanceId;
}
