namespace FollowUp.Data.Concurrency;

/// <summary>
/// What a caller believes to be the present state of what they change: the entity tags of HTTP's <c>If-Match</c>. It is checked inside the
/// transaction of the change, so that nobody's change is lost between the look and the act. A change that has been made already is none, and
/// needs no precondition: the same request sent again is answered as the first time.
/// </summary>
public sealed class Precondition
{
    private readonly IReadOnlySet<string>? _tags;

    private Precondition(IReadOnlySet<string>? tags) => _tags = tags;

    /// <summary>It must be there, in whatever state.</summary>
    public static Precondition Exists { get; } = new(null);

    /// <summary>It must be in one of these states.</summary>
    public static Precondition OneOf(IEnumerable<string> tags) => new(tags.ToHashSet(StringComparer.Ordinal));

    /// <param name="tag">The present state; null when it is not there.</param>
    /// <exception cref="PreconditionFailedException">It is in another state. The transaction must not commit.</exception>
    internal void Require(string? tag)
    {
        if (tag is null || _tags?.Contains(tag) == false)
        {
            throw new PreconditionFailedException(tag);
        }
    }
}

/// <summary>Somebody has changed it since the caller looked. Nothing was stored.</summary>
public sealed class PreconditionFailedException(string? present) : Exception("It has been changed since it was read, or is not there.")
{
    /// <summary>The tag of the present state; null when it is not there.</summary>
    public string? Present { get; } = present;
}
