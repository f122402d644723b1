using System.Globalization;
using FollowUp.Core.Contacts;

namespace FollowUp.Data.Delivery;

/// <summary>
/// Which attempt of which step a callback is about. It travels in the callback address, so it holds ids alone; the parts never hold the colon
/// that joins them.
/// </summary>
public sealed record SendReference(SessionKey Session, string Step, int Attempt)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Session.Clinic}:{Session.Session}:{Step}:{Attempt}");

    /// <returns>Null when the text is no reference.</returns>
    public static SendReference? TryParse(string? text) =>
        text?.Split(':') is [var clinic, var session, var step, var attempt]
        && Identifier.IsValid(clinic) && Identifier.IsValid(session) && Identifier.IsValid(step)
        && int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new SendReference(new SessionKey(clinic, session), step, number)
            : null;
}
