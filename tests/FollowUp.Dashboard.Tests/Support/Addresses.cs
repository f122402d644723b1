namespace FollowUp.Dashboard.Tests.Support;

/// <summary>The dashboard's routes as addresses, for tests that go through all of them.</summary>
internal static class Addresses
{
    /// <summary>An address of a route, with something that exists for each part in braces if it can be known before.</summary>
    public static string Of(string pattern, string clinic = "glow", string session = "b-77", string patient = "p-1001", string user = "nobody", string bulk = "none")
    {
        foreach (var (part, value) in new[]
        {
            ("clinic", clinic), ("session", session), ("patient", patient), ("plan", "microneedling-acne-scars"), ("alert", "1"), ("message", "SM1"),
            ("user", user), ("bulk", bulk), ("key", "none"),
        })
        {
            pattern = pattern.Replace("{" + part + "}", value, StringComparison.Ordinal);
        }

        return "/dashboard/" + pattern;
    }
}
