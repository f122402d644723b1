using System.Text;

namespace FollowUp.Functions.Tests.Fuzz;

/// <summary>A request that a run sends, and what was done to it.</summary>
internal sealed class FuzzRequest
{
    public required string Operation { get; init; }
    public required string Method { get; set; }

    /// <summary>With the query.</summary>
    public required string Address { get; set; }
    public byte[]? Body { get; set; }
    public string? MediaType { get; set; }

    /// <summary>Whether Twilio's signature goes with it.</summary>
    public bool Signed { get; set; }

    /// <summary>Whether the route may no longer be the one that was meant, so that the host itself may refuse it, with nothing in its answer.</summary>
    public bool MayMissTheRoute { get; set; }

    /// <summary>Whether nothing was done to it.</summary>
    public bool IsPlain => Changes.Count == 0;

    public List<string> Changes { get; } = [];

    /// <summary>Enough to send it again by hand.</summary>
    public override string ToString()
    {
        var body = Body is null ? "" : Encoding.UTF8.GetString(Body);
        return $"{Method} {Address}\nContent-Type: {MediaType}\n{(body.Length > 3000 ? body[..3000] + $"... ({Body!.Length} bytes)" : body)}\n(changed: {string.Join(", ", Changes)})";
    }
}
