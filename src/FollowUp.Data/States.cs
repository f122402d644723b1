namespace FollowUp.Data;

/// <summary>Where a session stands; spelled in kebab case in JSON and in the store.</summary>
public enum SessionState
{
    /// <summary>Booked; its orchestration has not started yet.</summary>
    Scheduled,
    Waiting,
    Paused,
    Completed,
    Cancelled,
    OptedOut,
    Failed,
}

/// <summary>Where one text of a session stands; spelled in kebab case in JSON and in the store.</summary>
public enum StepState
{
    Planned,

    /// <summary>Claimed by a worker that is about to call Twilio, or was when it stopped.</summary>
    Sending,

    /// <summary>Twilio was called and nobody knows the outcome.</summary>
    Unknown,
    Sent,
    Delivered,
    Undelivered,

    /// <summary>Will not be sent; the reason says why. A change of the facts can plan it again.</summary>
    Skipped,
    Cancelled,
}

/// <summary>Whether a session counts as held at its end, or only once the clinic has said so.</summary>
public enum Completion
{
    Assumed,
    Confirmed,
}

public enum ConsentKind
{
    Care,
    Marketing,
}

/// <summary>Who spoke. A withdrawal, whoever spoke it, is lifted by the patient or by staff, never by a booking.</summary>
public enum ConsentSource
{
    Booking,
    Patient,

    /// <summary>Twilio refused a text because the number has opted out there.</summary>
    Carrier,
    Staff,
}

/// <summary>What is true of a phone number, whoever its patients are.</summary>
public enum NumberMark
{
    /// <summary>STOP, for the sender that it was sent to. Lifted by the patient's START alone, or by staff with evidence.</summary>
    OptedOut,

    /// <summary>Somebody else has this number: nothing goes there, until staff say that it is right after all.</summary>
    WrongNumber,

    /// <summary>The carrier cannot deliver texts there. Lifted by a text from it, or by staff.</summary>
    Unreachable,
}

/// <summary>What a text outside of a plan is.</summary>
public enum DirectMessageKind
{
    OptOutConfirmed,
    OptInConfirmed,
    Help,

    /// <summary>The fixed text that asks a patient with a possible symptom to call.</summary>
    Call,
    Confirmed,
    Reschedule,
    Cancelled,
    StaffAlert,

    /// <summary>A member of staff answers a patient.</summary>
    StaffReply,
}

/// <summary>Why staff are alerted.</summary>
public enum AlertKind
{
    /// <summary>A patient's words may mean trouble. Never in a digest, and told again until somebody acknowledges it.</summary>
    RedFlag,

    /// <summary>The text that asks a patient with a possible symptom to call has not reached them: they must be phoned. As urgent as the flag itself.</summary>
    PatientNotAnswered,

    /// <summary>A text was not delivered, and is not sent again.</summary>
    Undelivered,

    /// <summary>A number cannot be texted at all.</summary>
    NumberUnreachable,

    /// <summary>Somebody answered that the number is not the patient's.</summary>
    WrongNumber,

    /// <summary>Account trouble: nothing is sent from the clinic's sender for now.</summary>
    SenderPaused,

    /// <summary>A carrier filters the sender's texts.</summary>
    SenderFiltered,

    /// <summary>A patient's text waits in the inbox.</summary>
    Inbox,

    /// <summary>A patient asks for another time.</summary>
    Reschedule,

    /// <summary>A patient has called the session off.</summary>
    CancelledByPatient,

    /// <summary>A check-in was answered with a low number.</summary>
    LowRating,

    /// <summary>A text reached a number that belongs to several patients, and nobody can say whose answer it is.</summary>
    UnclearPatient,
}

/// <summary>How far a post to a web address is.</summary>
public enum WebhookPostState
{
    Waiting,
    Taken,
    GivenUp,
}
