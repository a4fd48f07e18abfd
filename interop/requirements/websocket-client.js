import io from "socket.io-client";

class NotificationService {
  constructor() {
    this.socket = null;
    this.isConnected = false;
  }

  connect(token) {
    this.socket = io("ws://localhost:3000/ws/notifications", {
      auth: { token },
      transports: ["websocket", "polling"],
    });

    this.socket.on("connect", () => {
      console.log("Connected to notification service");
      this.isConnected = true;
    });

    this.socket.on("disconnect", () => {
      console.log("Disconnected from notification service");
      this.isConnected = false;
    });

    // Listen for notification events
    this.socket.on("booking.created", this.handleBookingCreated);
    this.socket.on("review.created", this.handleReviewCreated);
    this.socket.on("nearby-job", this.handleNearbyJob);
  }

  handleBookingCreated(data) {
    console.log("New booking:", data);
    // Show notification to user
  }

  handleReviewCreated(data) {
    console.log("New review:", data);
    // Show notification to user
  }

  handleNearbyJob(data) {
    console.log("Nearby job:", data);
    // Show notification to user
  }

  // Send ping to keep connection alive
  ping() {
    if (this.socket) {
      this.socket.emit("ping");
    }
  }

  // Join specific room
  joinRoom(room) {
    if (this.socket) {
      this.socket.emit("joinRoom", { room });
    }
  }

  disconnect() {
    if (this.socket) {
      this.socket.disconnect();
    }
  }
}

// Usage
const notificationService = new NotificationService();
notificationService.connect("your-jwt-token");

// Keep connection alive
setInterval(() => {
  notificationService.ping();
}, 30000);
