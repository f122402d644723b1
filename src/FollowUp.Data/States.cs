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
