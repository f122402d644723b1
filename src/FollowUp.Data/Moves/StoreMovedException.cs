namespace FollowUp.Data.Moves;

/// <summary>The store has been exported and lives on elsewhere, so that nothing may be written or sent here. The message says how to go on.</summary>
public sealed class StoreMovedException(string message) : Exception(message);
