using FollowUp.Data;

namespace FollowUp.Workflows.Contracts;

// These records are written into orchestration histories, as JSON with the property names as they are. A history outlives the code that
// wrote it: add optional members if need be, never rename or remove one. None holds personal data.

/// <summary>Which session: the whole input of its orchestration.</summary>
public sealed record SessionRef(string Clinic, string Session)
{
    public static SessionRef Of(SessionKey key) => new(key.Clinic, key.Session);

    internal SessionKey Key => new(Clinic, Session);
}
