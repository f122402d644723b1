using FollowUp.Data.Direct;
using NodaTime;

namespace FollowUp.Data.Alerts;

/// <summary>What telling staff came to.</summary>
/// <param name="Texts">Texts that were put on record, to be started.</param>
/// <param name="Posts">Posts to web addresses that were put on record, to be started.</param>
/// <param name="NextAt">When to look again; null when nothing is left to tell.</param>
public sealed record StaffNotice(IReadOnlyList<DirectMessageKey> Texts, IReadOnlyList<string> Posts, Instant? NextAt);
