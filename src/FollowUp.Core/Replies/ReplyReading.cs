namespace FollowUp.Core.Replies;

/// <summary>What the last text to the patient asked for, so that a bare "C" or "4" can be an answer to it.</summary>
public enum AskedFor
{
    Nothing,

    /// <summary>Nothing, in a text about the coming visit: what the patient says of the visit in so many words counts, a letter or a "yes" does not.</summary>
    Visit,

    /// <summary>Whether the patient will come: C, R or X, or a "yes".</summary>
    Appointment,

    /// <summary>How it goes, from 1 (bad) to 5 (good).</summary>
    Rating,
}

/// <summary>What a patient's text is, as far as its wording says so.</summary>
public enum ReplyKind
{
    /// <summary>No more texts.</summary>
    OptOut,

    /// <summary>Texts again.</summary>
    OptIn,

    /// <summary>What this is, and whom to ask.</summary>
    Help,

    /// <summary>The number is not the patient's.</summary>
    WrongNumber,
    Confirm,

    /// <summary>Another time, or anything about the appointment that a human must decide.</summary>
    Reschedule,

    /// <summary>The appointment is called off, beyond doubt.</summary>
    Cancel,

    /// <summary>A number from 1 to 5 for a check-in.</summary>
    CheckIn,

    /// <summary>What a phone or a carrier answers by itself: that somebody drives, or that the number is out of service. Nobody need read it.</summary>
    AutoReply,

    /// <summary>Whatever a human must read.</summary>
    Other,
}

/// <summary>What was read in a patient's text.</summary>
public sealed record ReplyReading(ReplyKind Kind)
{
    /// <summary>Words that may mean trouble were found: a human must look, whatever <see cref="Kind"/> says. Both can be.</summary>
    public bool RedFlag { get; init; }

    /// <summary>1 to 5, for <see cref="ReplyKind.CheckIn"/>.</summary>
    public int? Rating { get; init; }

    /// <summary>Twilio itself understands the word, has answered it and acts on it: one of its words, alone.</summary>
    public bool AnsweredByTwilio { get; init; }

    /// <summary>The text says this and nothing else, so that nobody need read it for more: of opt-outs, opt-ins and help.</summary>
    public bool IsOnlyThat { get; init; }

    /// <summary>What an opt-in says when there is no opt-out that it could lift; null when it says the same.</summary>
    public ReplyReading? UnlessOptedOut { get; init; }

    /// <summary>The language whose wording was recognised; null when none was.</summary>
    public string? Language { get; init; }
}
