using System.Globalization;
using FollowUp.Core.Contacts;

namespace FollowUp.Data.Delivery;

/// <summary>
/// Which attempt of which text a callback is about: a step of a session, or a text outside of a plan. It travels in the callback address, so
/// it holds ids alone; the parts never hold the colon that joins them.
/// </summary>
public sealed record SendReference(SessionKey Session, string Step, int Attempt)
{
    /// <summary>Stands in the session's place for texts outside of a plan. No session has it: an id begins with a letter or digit.</summary>
    private const string Direct = ".direct";

    /// <summary>Whether it is a text outside of a plan; <see cref="Step"/> is its id then.</summary>
    public bool IsDirect => Session.Session == Direct;

    /// <summary>Of a text outside of a plan.</summary>
    public static SendReference ToDirect(string clinic, string id, int attempt) => new(new SessionKey(clinic, Direct), id, attempt);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Session.Clinic}:{Session.Session}:{Step}:{Attempt}");

    /// <returns>Null when the text is no reference.</returns>
    public static SendReference? TryParse(string? text) =>
        text?.Split(':') is [var clinic, var session, var step, var attempt]
        && Identifier.IsValid(clinic) && (session == Direct || Identifier.IsValid(session)) && Identifier.IsValid(step)
        && int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new SendReference(new SessionKey(clinic, session), step, number)
            : null;
}
