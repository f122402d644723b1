using FollowUp.Data;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Sessions;

/// <summary>The ids in the address of a session.</summary>
internal static class SessionPath
{
    public static SessionKey Read(string clinic, string session, JsonFields errors)
    {
        foreach (var (name, id) in new[] { ("clinic", clinic), ("session", session) })
        {
            if (FieldRules.Id(id) is { } mistake)
            {
                errors.Error(name, mistake);
            }
        }

        return new SessionKey(clinic, session);
    }
}
