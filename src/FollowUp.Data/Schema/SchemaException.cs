namespace FollowUp.Data.Schema;

/// <summary>The store's schema and this version of FollowUp do not fit together. The message says what to do.</summary>
public sealed class SchemaException(string message) : Exception(message);
