using FollowUp.Core.Replies;
using FollowUp.Data.Context;
using FollowUp.Data.Direct;

namespace FollowUp.Data.Inbox;

/// <summary>A text that came in, as Twilio gave it.</summary>
/// <param name="MessageSid">Twilio's id of it; the same again when Twilio repeats the request.</param>
/// <param name="From">Who sent it, in E.164.</param>
/// <param name="To">The number of ours that it was sent to.</param>
/// <param name="Body">As typed; empty when there was only a picture.</param>
public sealed record ReceivedText(string MessageSid, string From, string To, string Body)
{
    /// <summary>As typed, as far as it is text.</summary>
    public string Body { get; init; } = StorableText.OfTyped(Body);

    /// <summary>The messaging service that the number belongs to, if any.</summary>
    public string? MessagingServiceSid { get; init; }

    /// <summary>What Twilio has taken it for, and answered and acted on; a messaging service can have words of its own. Null for nothing.</summary>
    public ReplyKind? TakenByTwilio { get; init; }

    /// <summary>Neither the number nor the text.</summary>
    public override string ToString() => MessageSid;
}

/// <summary>What a text has changed. All of it is committed; what must follow outside of the store is named here.</summary>
/// <param name="Changed">Sessions whose orchestrations must look again.</param>
/// <param name="Answers">Texts that were put on record, to be started.</param>
/// <param name="Alerted">Clinics whose staff must be told something.</param>
public sealed record ReceivedNews(IReadOnlyList<ChangedSession> Changed, IReadOnlyList<DirectMessageKey> Answers, IReadOnlyList<string> Alerted)
{
    /// <summary>Clinics that have something new to tell, to staff or to their own systems.</summary>
    public IReadOnlyList<string> Concerned { get; init; } = [];

    /// <summary>It was the sender's no to all texts.</summary>
    public bool OptsOut { get; init; }

    public static ReceivedNews None { get; } = new([], [], []);
}
