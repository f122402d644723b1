namespace FollowUp.Data.Inbox;

/// <summary>What was read in a patient's text.</summary>
public enum InboundMeaning
{
    OptOut,
    OptIn,
    Help,

    /// <summary>Somebody else has this number.</summary>
    WrongNumber,

    /// <summary>The patient will come.</summary>
    Confirm,
    Reschedule,
    Cancel,

    /// <summary>The answer to a check-in, 1 to 5.</summary>
    CheckIn,

    /// <summary>From somebody who is alerted, not from a patient.</summary>
    Staff,

    /// <summary>A phone or a carrier has answered by itself.</summary>
    AutoReply,
    Other,
}
