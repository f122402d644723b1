namespace FollowUp.Data.Staff;

/// <summary>What somebody may do on the dashboard. Each may what those before it may.</summary>
public enum StaffRole
{
    /// <summary>Look, and open a patient's name and number, which is audited.</summary>
    Viewer,

    /// <summary>Act on sessions, texts and alerts.</summary>
    Operator,

    /// <summary>Decide who may use the dashboard.</summary>
    Admin,
}
