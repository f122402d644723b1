using FollowUp.Data;
using FollowUp.Data.Keys;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Keys;

/// <summary>A key as the contract shows it.</summary>
internal record KeyAnswer(
    string Key,
    string Name,
    string? Clinic,
    bool ReadOnly,
    string State,
    string CreatedAt,
    string CreatedBy,
    string? EndsAt,
    string? EndedAt,
    string? EndedBy,
    string? LastUsedAt)
{
    public static KeyAnswer Of(ApiKey key) => new(
        key.Id,
        key.Name,
        key.Clinic,
        key.ReadOnly,
        EnumText.Of(key.State),
        Answers.Moment(key.CreatedAt),
        key.CreatedBy,
        Answers.Moment(key.EndsAt),
        Answers.Moment(key.EndedAt),
        key.EndedBy,
        Answers.Moment(key.LastUsedAt));

    public static MadeKeyAnswer Of(MadeApiKey made) => new(Of(made.Key), made.Secret);
}

/// <summary>A key that was made just now, with the key itself.</summary>
internal sealed record MadeKeyAnswer : KeyAnswer
{
    public MadeKeyAnswer(KeyAnswer key, string secret)
        : base(key) => Secret = secret;

    /// <summary>What goes into the header; shown this once.</summary>
    public string Secret { get; }

    /// <summary>The id alone.</summary>
    public override string ToString() => Key;
}
