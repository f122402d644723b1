namespace FollowUp.Data.Context;

/// <summary>
/// The database was lost while a transaction was being committed, and did not come back soon enough to say what became of it. The caller tries
/// again as after a crash at that moment: whatever is given to the store twice is done once.
/// </summary>
public sealed class CommitUnknownException(Exception lost)
    : Exception("The database was lost while it committed, and could not be asked whether it had. Try again: what has happened does not happen twice.", lost);
